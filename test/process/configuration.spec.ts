import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Program, startProgram, until } from '../support/program.js';

describe('the configuration of the built program', () => {
  let program: Program;
  afterEach(() => program.kill());

  test('ends it with 78 when it is wrong, and names every fault on standard error without a secret', async () => {
    program = await startProgram({
      APP_ENV: 'production',
      PORT: 'http',
      LOG_LEVEL: 'debug',
      DATABASE_URL: 'postgres://plimsoll:canary-password@db.example.com/plimsoll',
      OPS_TOKEN: 'canary-token',
      DATABSE_URL: 'postgres://plimsoll:canary-typo@db/plimsoll',
    });

    expect(await program.exit()).toBe(78);
    const faults = program.errors.match(/^ {2}[A-Z_]+/gm)?.map((name) => name.trim());
    expect(faults?.sort()).toEqual(['DATABASE_URL', 'DATABSE_URL', 'LOG_LEVEL', 'OPS_TOKEN', 'PORT', 'REDIS_URL']);
    expect(program.errors).toContain('did you mean DATABASE_URL?');
    expect(program.errors + program.output).not.toContain('canary');
  });

  test('keeps its secrets out of what anybody can ask for, and out of the log', async () => {
    program = await startProgram({
      DATABASE_URL: 'postgres://plimsoll:canary-password@127.0.0.1:1/plimsoll',
      OPS_TOKEN: 'canary-ops-token',
      BOOTSTRAP_ADMIN_TOKEN: 'plm_canary-admin-token',
      LOG_LEVEL: 'trace',
    });
    await program.untilOps('/livez', 200);
    const paths = ['/readyz', '/startupz', '/health', '/health/dependencies', '/info', '/metrics', '/config'];
    const answers = await Promise.all(paths.map(async (path) => (await fetch(program.opsUrl + path)).text()));
    program.signal('SIGTERM');

    expect(await program.exit()).toBe(0);
    expect(answers.join() + program.output + program.errors).not.toContain('canary');
  });

  test('takes a secret anew from its file on SIGHUP, and shows the new one as little as the old one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-secrets-'));
    const file = join(folder, 'ops-token');
    await writeFile(file, 'canary-old-token\n');
    program = await startProgram({ DATABASE_URL: 'postgres://plimsoll@127.0.0.1:1/plimsoll', OPS_TOKEN_FILE: file });
    await program.untilOps('/livez', 200);
    const statusWith = async (token: string) => {
      const response = await fetch(`${program.opsUrl}/config`, { headers: { authorization: `Bearer ${token}` } });
      return response.status;
    };
    // Probes are answered before the rest is loaded; this is not.
    await until('the old token', async () => ((await statusWith('canary-old-token')) === 200 ? true : null));

    await writeFile(file, 'canary-new-token\n');
    program.signal('SIGHUP');
    await until('the new token', async () => ((await statusWith('canary-new-token')) === 200 ? true : null));
    expect(await statusWith('canary-old-token')).toBe(401);
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
    expect(program.output).toContain('"changed":["OPS_TOKEN"]');
    expect(program.output + program.errors).not.toContain('canary');
    await rm(folder, { recursive: true });
  });
});
