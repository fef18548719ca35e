import { once } from 'node:events';
import { chmod, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { freePort } from '../../ops/scripts/ports.mjs';
import { readPidFile } from '../../ops/scripts/postmaster.mjs';
import { startServer } from '../../ops/scripts/server.mjs';
import { aClone, Start, STARTS_WITHIN_MS, type StartOptions } from '../support/npm-start.js';
import { until } from '../support/program.js';

jest.setTimeout(STARTS_WITHIN_MS);

describe('npm start', () => {
  let clone: string;
  let env: { PORT: string; OPS_PORT: string };
  const starts: Start[] = [];

  const start = ({ env: more = {}, ...options }: StartOptions = {}) => {
    const started = new Start(clone, { ...env, ...more }, options);
    starts.push(started);
    return started;
  };

  const asAdmin = async () => {
    const token = await readFile(join(clone, '.plimsoll/admin-token'), 'utf8');
    const url = `http://127.0.0.1:${env.PORT}/v1/services/kept`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return { token, put: () => fetch(url, { method: 'PUT', headers, body: '{}' }), get: () => fetch(url, { headers }) };
  };

  /** What a person is told of a server that ends before it is ready. */
  const told = async (more: NodeJS.ProcessEnv): Promise<string> => {
    const settings = {
      ...env,
      HOST: '127.0.0.1',
      OPS_HOST: '127.0.0.1',
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
    };
    const logFile = join(clone, 'server.log');
    const server = startServer({ PATH: process.env['PATH'], ...settings, ...more }, { logFile });
    const readyz = `http://127.0.0.1:${settings.OPS_PORT}/readyz`;
    return await server.becomesReady(readyz, new AbortController().signal).then(String, String);
  };

  beforeAll(async () => {
    clone = await aClone();
    env = { PORT: String(await freePort()), OPS_PORT: String(await freePort()) };
  });

  afterEach(async () => {
    await Promise.all(starts.splice(0).map((started) => started.end()));
  });

  afterAll(() => rm(clone, { recursive: true }));

  it('names the port that is taken, and starts nothing', async () => {
    const squatter = createServer().listen(Number(env.OPS_PORT), '127.0.0.1');
    await once(squatter, 'listening');
    const refused = start();
    expect(await refused.ended).toBe(1);
    squatter.close();
    expect(refused.output).toContain(`Port ${env.OPS_PORT} on 127.0.0.1 (OPS_PORT): is taken by another program.`);
    expect(await readdir(join(clone, '.plimsoll'))).toEqual([]);
  });

  it('ends cleanly when it is interrupted while it makes the database', async () => {
    const interrupted = start();
    await until('its data folder', () => stat(join(clone, '.plimsoll/postgres')).catch(() => null));
    expect(await interrupted.end('SIGINT')).toBe(130);
    expect(interrupted.output).toContain('Nothing is left running');
    expect(readPidFile(join(clone, '.plimsoll/postgres/data'))).toBeNull();
  });

  it('serves, says where, shows the admin token to nobody, and drains on SIGTERM', async () => {
    const started = start();
    await started.says('Plimsoll is running.');
    const { token, put } = await asAdmin();
    expect((await put()).status).toBe(201);
    expect(started.output).not.toContain(token);
    expect((await stat(join(clone, '.plimsoll/admin-token'))).mode & 0o777).toBe(0o600);
    expect(await started.end()).toBe(0);
    expect(readPidFile(join(clone, '.plimsoll/postgres/data'))).toBeNull();
  });

  it('goes on with its data, and refuses a second one beside it', async () => {
    const first = start();
    await first.says('Plimsoll is running.');
    expect((await (await asAdmin()).get()).status).toBe(200);
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output).toContain('Plimsoll runs in this clone already');
  });

  it('goes on after a kill -9, and ends the server that was left behind', async () => {
    const killed = start();
    await killed.says('Plimsoll is running.');
    await killed.end('SIGKILL');
    const next = start();
    await next.says('Plimsoll is running.');
    expect(next.output).toContain('found running');
    expect((await (await asAdmin()).get()).status).toBe(200);
  });

  it('says at once that it waits for a database that is away', async () => {
    const started = start({ env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } });
    await started.says('waiting for it');
    expect(await started.end('SIGINT')).toBe(130);
    expect(started.output).toMatch(
      /the database at 127\.0\.0\.1:1 cannot be reached .*: start it, or correct DATABASE_URL/,
    );
    expect(started.output).not.toContain('schema up to date');
  });

  it('keeps its own lines apart from those of the log on a terminal', async () => {
    const onTerminal = '--import=data:text/javascript,process.stdout.isTTY=true';
    const started = start({ env: { NODE_OPTIONS: onTerminal } });
    await started.says('Plimsoll is running.');
    const ofLog = started.output.split('\n').filter((line) => line.includes('operations listener is up'));
    expect(ofLog).toEqual([expect.not.stringContaining('server ready')]);
  });

  describe('when the server ends before it is ready', () => {
    it('names the port that was taken while it started', async () => {
      const squatter = createServer().listen(Number(env.PORT), '127.0.0.1');
      await once(squatter, 'listening');
      const message = await told({});
      squatter.close();
      expect(message).toContain(`Port ${env.PORT} on 127.0.0.1 (PORT): is taken by another program.`);
      expect(message).not.toContain('{');
    });

    it('shows the log as a person reads it, not as JSON', async () => {
      // As soon as faults have an owner.
      const broken =
        "process.on('newListener',(name)=>{if(name==='uncaughtException')setImmediate(()=>{throw(Error('broken'))})})";
      const message = await told({ NODE_OPTIONS: `--import=data:text/javascript,${broken}` });
      expect(message).toContain('fatal: a fatal error ends the process: broken');
      expect(message).not.toContain('{');
    });
  });

  it('says where it may not write', async () => {
    const isRoot = process.getuid?.() === 0;
    await rm(join(clone, '.plimsoll'), { recursive: true });
    if (!isRoot) await chmod(clone, 0o555);
    const refused = start(isRoot ? { uid: 65534, gid: 65534 } : {});
    expect(await refused.ended).toBe(1);
    await chmod(clone, 0o755);
    expect(refused.output).toContain(`No permission to write in ${clone}/.plimsoll`);
  });
});
