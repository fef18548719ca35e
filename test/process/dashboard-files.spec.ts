import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const plantings = [
  ['a property that Grafana does not know', '"unit": "short"', '"unt": "short"', /0\.json:\d+ .*"unt"/],
  ['an option that its panel does not have', '"wrapLogMessage"', '"wrapLogMesage"', /1\.json:\d+ .*"wrapLogMesage"/],
  ['a value that Grafana does not allow', '"mode": "normal"', '"mode": "nrmal"', /2\.json:\d+ .*"nrmal"/],
  ['a query that is no LogQL', 'sum by (level) (', 'sum by (level (', /3\.json "Lines by level": .* from character 14/],
  ['a query that ends too soon', '[$__auto]))', '[$__auto])', /4\.json "Lines by level": .* it ends too soon/],
] as const;

/** The compiler takes its time to read the SDK, on a busy machine above all. */
const COMPILES_WITHIN_MS = 240_000;

describe('the check of dashboards', () => {
  let said: string;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-dashboards-'));
    const text = await readFile('ops/grafana/dashboards/logs.json', 'utf8');
    const paths = plantings.map((_, index) => join(folder, `${index}.json`));
    for (const [index, [, sound, broken]] of plantings.entries()) {
      await writeFile(
        paths[index]!,
        text.replace(sound, () => broken),
      );
    }
    const check = promisify(execFile)(process.execPath, ['ops/grafana/check/lint.ts', ...paths]);
    said = await check.then(
      () => 'nothing',
      ({ stderr }: { stderr: string }) => stderr,
    );
    await rm(folder, { recursive: true });
  }, COMPILES_WITHIN_MS);

  test.each(plantings)('finds %s', (_what, _sound, _broken, finding) => {
    expect(said).toMatch(finding);
  });
});
