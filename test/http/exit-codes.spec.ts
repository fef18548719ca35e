import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ending, exitCodes } from '../../src/cli/exit-codes.js';
import { Command, type Ended } from '../deploy/command.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { aDeployment, aRelease, aSlot, type SlotFixture } from '../support/fixtures.js';

let app: TestApplication;
let folder: string;
const { aRunningSlot, create, report, rollBack, ship } = deploymentRequests(() => app);

beforeAll(async () => {
  app = await startApplication();
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-exit-codes-'));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

interface Case {
  readonly args: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  /** What people are told. */
  readonly told?: RegExp;
  /** The command is interrupted once it has said this. */
  readonly interruptedAfter?: RegExp;
}

const of = ({ service, environment }: SlotFixture): string[] => ['--service', service, environment];

const verdict = (...args: string[]): Case => ({ args: ['verdict', ...args] });

/** A plimsoll.yml with a host on which no Podman answers: what the ledger refuses is refused before it is asked. */
async function deployTo({ service, environment }: SlotFixture, digest: string, ...args: string[]): Promise<Case> {
  const host = `{ name: a, url: "http://127.0.0.1:8080", podman: "unix://${folder}/nobody.sock" }`;
  const head = `service: ${service}\nimage: registry.example.com/checkout\nproxy: { site: checkout.example.com }\n`;
  const file = `${service}.yml`;
  await writeFile(join(folder, file), `${head}environments: { ${environment}: { hosts: [${host}] } }\n`);
  return { args: ['deploy', environment, '--file', file, '--yes', '--wait', '--release', digest, ...args] };
}

async function aBusySlot() {
  const { slot, next } = await aRunningSlot();
  await create(slot, next.digest);
  return { slot, another: await aRelease(app, { service: slot.service }) };
}

/** The id of a deployment that a person has rejected, in a slot that can go back. */
async function aRejected(): Promise<{ slot: SlotFixture; id: string }> {
  const slot = await aSlot(app);
  await ship(slot);
  const expect200 = [{ field: 'status', op: 'eq', value: 200 }];
  const checks = [{ name: 'ready', type: 'http', url: '{host.url}/', expect: expect200 }];
  await app.request('PUT', `${slot.path}/gate`, { body: { checks } });
  const { digest } = await aRelease(app, { service: slot.service });
  const { id } = await aDeployment(app, { ...slot, digest, state: 'verifying' });
  await app.request('POST', `/v1/deployments/${id}/decision`, { body: { decision: 'reject', reason: 'a test' } });
  return { slot, id };
}

async function aRolledBack(): Promise<string> {
  const { slot, id } = await aRejected();
  await app.request('PUT', `${slot.path}/gate`, { body: { ungated: 'a test' } });
  const { body } = await rollBack(slot);
  await report(body.id, 'deployed', { fence: body.fence });
  return id;
}

async function aFrozenSlot() {
  const { slot, next } = await aRunningSlot();
  const from = new Date(Date.now() - 60_000).toISOString();
  const to = new Date(Date.now() + 3_600_000).toISOString();
  await app.request('POST', '/v1/freezes', { body: { environment: slot.environment, from, to, reason: 'the sale' } });
  return { slot, next };
}

async function aHeld(): Promise<SlotFixture> {
  const slot = await aSlot(app, { gate: null });
  const { digest } = await aRelease(app, { service: slot.service });
  await aDeployment(app, { ...slot, digest, state: 'verifying' });
  return slot;
}

const cases: readonly (readonly [Ending, string, () => Promise<Case>])[] = [
  ['promoted', 'a question that is answered', async () => ({ args: ['status', ...of((await aRunningSlot()).slot)] })],
  [
    'error',
    'nobody who answers',
    async () => ({ args: ['status', '--service', 'a', 'b'], settings: { PLIMSOLL_URL: 'http://127.0.0.1:2' } }),
  ],
  ['usage', 'an option that is not known', async () => ({ args: ['status', '--colour'] })],
  ['usage', 'no environment', async () => ({ args: ['status', '--service', 'a'] })],
  ['rolledBack', 'a verdict of rollback, once it is done', async () => verdict('--deployment', await aRolledBack())],
  [
    'notHealthy',
    'a verdict of rollback, until it is done',
    async () => verdict('--deployment', (await aRejected()).id),
  ],
  [
    'notAllowed',
    'a deployment by a token that may only read',
    async () => {
      const { slot, next } = await aRunningSlot();
      const settings = { PLIMSOLL_TOKEN: app.tokens.viewer };
      return { ...(await deployTo(slot, next.digest)), settings, told: /Use a token with a higher role/ };
    },
  ],
  [
    'notAllowed',
    'no token',
    async () => ({ args: ['status', 'b', '--service', 'a'], settings: { PLIMSOLL_TOKEN: '' } }),
  ],
  ['onHold', 'a verdict of hold', async () => verdict('--wait', ...of(await aHeld()))],
  [
    'refused',
    'a freeze',
    async () => {
      const { slot, next } = await aFrozenSlot();
      return { ...(await deployTo(slot, next.digest)), told: /the sale/ };
    },
  ],
  [
    'refused',
    'a slot that somebody else holds',
    async () => {
      const { slot } = await aBusySlot();
      return {
        args: ['rollback', '--ledger-only', '--reason', 'a test', ...of(slot)],
        told: /Another deployment holds this slot/,
      };
    },
  ],
  [
    'refused',
    'a release that is older than what runs',
    async () => {
      const slot = await aSlot(app);
      await ship(slot, { sequenceKey: '2026-03-02T10:00:00.000Z' });
      const { digest } = await aRelease(app, { service: slot.service });
      const older = ['--sequence-key', '2026-03-02T10:59:59+01:00'];
      return { ...(await deployTo(slot, digest, ...older)), told: /Deploy what is newer than what runs/ };
    },
  ],
  [
    'timedOut',
    'a slot that was not free in time',
    async () => {
      const { slot, another } = await aBusySlot();
      return {
        ...(await deployTo(slot, another.digest, '--timeout', '3')),
        told: /The time is up|not done within/,
      };
    },
  ],
  [
    'timedOut',
    'a verdict that did not fall in time',
    async () => verdict('--wait', '--timeout', '1', ...of((await aBusySlot()).slot)),
  ],
  [
    'interrupted',
    'Ctrl-C while it waits for the slot',
    async () => {
      const { slot, another } = await aBusySlot();
      return {
        ...(await deployTo(slot, another.digest)),
        interruptedAfter: /^waits: |"type":"waiting"/m,
        told: /Interrupted. No host was changed/,
      };
    },
  ],
  [
    'interrupted',
    'Ctrl-C while the gate watches',
    async () => ({
      ...verdict('--wait', ...of((await aBusySlot()).slot)),
      interruptedAfter: /pending/,
      told: /goes on without you/,
    }),
  ],
];

async function run({ args, settings, interruptedAfter }: Case): Promise<Ended> {
  const own = { PLIMSOLL_URL: app.url, PLIMSOLL_TOKEN: app.tokens.operator, PLIMSOLL_RETRY_SECONDS: '0' };
  const command = Command.start(args, { ...own, ...settings }, folder);
  if (interruptedAfter !== undefined) {
    await command.untilPrinted(interruptedAfter);
    command.child.kill('SIGINT');
  }
  return command.ended;
}

describe('the exit code', () => {
  it.each(cases)('is that of %s, as text and with --json, for %s', async (ending, _what, prepared) => {
    const { code } = exitCodes[ending];
    const asked = await prepared();
    const text = await run(asked);
    expect(text).toMatchObject({ code, errors: expect.stringMatching(asked.told ?? /^/) as unknown });
    const json = await run({ ...asked, args: [...asked.args, '--json'] });
    expect(json).toMatchObject({ code, errors: '' });
    expect(json.said.at(-1)).toEqual({ type: 'end', ending, exitCode: code });
    expect(json.said.at(-2)?.['type'] === 'error').toBe(text.errors !== '');
  });

  it('of every ending has been tried here', () => {
    expect(new Set(cases.map(([ending]) => ending))).toEqual(new Set(Object.keys(exitCodes)));
  });
});
