import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../../ops/scripts/ports.mjs';
import { root } from '../architecture/planted-tree.js';
import {
  ChaosTarget,
  Clients,
  Journal,
  type Ledger,
  ledgerQuery,
  Random,
  realClock,
  stepClock,
  violationsOf,
} from '../chaos/modules.js';
import { ADMIN_TOKEN } from '../support/baking-deployment.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { type Program, startProgram, until } from '../support/program.js';

const slots = ['chaos-a', 'chaos-b'];
const seed = 85;
const faultCount = 10;

let postgres: OwnPostgres;
let host: ChildProcess;
let hostPort: number;
let folder: string;
/** Two instances, each on ports of its own that it keeps when it is started again. */
const instances: { program: Program; settings: Record<string, string> }[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-chaos-'));
  postgres = await OwnPostgres.start();
  hostPort = await freePort();
  host = spawn(process.execPath, [join(root, 'ops/chaos/target.mjs')], {
    env: { PORT: String(hostPort) },
    stdio: 'ignore',
  });
  for (let n = 0; n < 2; n += 1) {
    const [port, opsPort] = [String(await freePort()), String(await freePort())];
    const settings = {
      DATABASE_URL: postgres.url,
      BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN,
      PROBE_ALLOW: '127.0.0.1',
      PORT: port,
      OPS_PORT: opsPort,
    };
    instances.push({ program: await started(settings), settings });
  }
}, 180_000);

afterAll(async () => {
  await Promise.all(instances.map(({ program }) => program.kill()));
  host.kill('SIGKILL');
  await once(host, 'exit');
  await postgres.remove();
  await rm(folder, { recursive: true });
});

async function started(settings: Record<string, string>): Promise<Program> {
  const program = await startProgram(settings, { canBeEntered: true });
  await program.untilReady();
  return program;
}

/** Either instance, in turn; the other one is as good. */
function sender() {
  let sent = 0;
  return async (method: string, path: string, body?: object, added: object = {}) => {
    const { settings } = instances[(sent += 1) % instances.length]!;
    const content = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await fetch(`http://127.0.0.1:${settings['PORT']}${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...content, ...added } as Record<string, string>,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(8000),
    });
    return { status: answer.status, body: await answer.text() };
  };
}

const random = new Random(seed);

/** Each goes wrong for a while, and is well again afterwards. */
const faults: Record<string, (forMs: number) => Promise<void>> = {
  'an instance is killed': async (forMs) => {
    const instance = random.pick(instances);
    await instance.program.kill();
    await delay(forMs);
    instance.program = await started(instance.settings);
  },
  'an instance is paused': async (forMs) => {
    const { program } = random.pick(instances);
    program.signal('SIGSTOP');
    await delay(forMs);
    program.signal('SIGCONT');
  },
  'the clock of an instance is stepped': async (forMs) => {
    const { program } = random.pick(instances);
    await program.enter(stepClock(random.between(-900, 900) * 1000));
    await delay(forMs);
    await program.enter(realClock);
  },
  'PostgreSQL is killed': async (forMs) => {
    postgres.die();
    await delay(forMs);
    await until('PostgreSQL', () =>
      postgres.comeBack().then(
        () => true,
        () => null,
      ),
    );
  },
  'PostgreSQL answers nobody': async (forMs) => {
    await postgres.fallSilent();
    await delay(forMs);
    postgres.wakeUp();
  },
};

async function ledger(target: { evidence(): Promise<Ledger['evidence']> }): Promise<Ledger> {
  const client = new Client(postgres.url);
  await client.connect();
  const { rows } = await client.query<{ kept: Omit<Ledger, 'evidence'> }>(
    ledgerQuery(slots).replace(/\)\s*$/, ') as kept'),
  );
  await client.end();
  return { ...rows[0]!.kept, evidence: await target.evidence() };
}

it('keeps its promises while instances and PostgreSQL are killed, paused, and their clocks stepped', async () => {
  const journal = new Journal(join(folder, 'journal'));
  const target = new ChaosTarget(hostPort, `http://127.0.0.1:${hostPort}`);
  const clients = new Clients({ send: sender(), journal, slots, target, seed });
  await clients.prepare();
  clients.start();
  const names = Object.keys(faults);
  try {
    for (let n = 0; n < faultCount; n += 1) {
      await delay(random.between(1500, 3000));
      await faults[names[n % names.length]!]!(random.between(500, 3000));
    }
    await Promise.all(instances.map(({ program }) => program.untilReady()));
    await clients.end();
  } finally {
    clients.close();
  }
  process.stdout.write(`${faultCount} faults, ${journal.counts()}\n`);
  expect(violationsOf(slots, journal.calls, await ledger(target))).toEqual([]);
  expect(journal.calls.filter(({ act, outcome }) => act === 'deployed' && outcome === 'acknowledged')).not.toEqual([]);
}, 600_000);
