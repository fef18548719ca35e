import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../ops/scripts/ports.mjs';
import { aClone, Start, STARTS_WITHIN_MS } from '../support/npm-start.js';
import { until } from '../support/program.js';

describe('npm run dev', () => {
  let clone: string;
  let started: Start | undefined;

  beforeAll(async () => {
    clone = await aClone();
  });

  afterAll(async () => {
    await started?.end();
    await rm(clone, { recursive: true });
  });

  it(
    'brings its database, and answers with what was saved, save after save, however long the old one drains',
    async () => {
      const env = { PORT: String(await freePort()), OPS_PORT: String(await freePort()), SHUTDOWN_DELAY_MS: '1500' };
      started = new Start(clone, env, { args: ['--watch'] });
      await started.says('whenever a file of src is saved');
      const file = join(clone, 'src/operations/info/app-info.ts');
      const source = await readFile(file, 'utf8');
      const saved = () =>
        fetch(`http://127.0.0.1:${env.OPS_PORT}/info`)
          .then(async (answer) => ((await answer.json()) as { saved?: string }).saved ?? 'never')
          .catch(() => null);
      const answered = (what: string) =>
        until(`code saved ${what}`, async () => ((await saved()) === what ? what : null), STARTS_WITHIN_MS);

      await answered('never');
      for (const what of ['once', 'twice', 'three times']) {
        await writeFile(file, source.replace('schemaVersion: null,', `schemaVersion: null, saved: '${what}',`));
        expect(await answered(what)).toBe(what);
      }
      expect(await started.end()).toBe(0);
    },
    STARTS_WITHIN_MS,
  );
});
