import { bold, cyan, dim, green, red, say, step, yellow } from '../scripts/terminal.mjs';
import type { CheckoutHost } from './checkout-host.ts';
import { gate, triedGate } from './gate.ts';
import { broken, good, type Image } from './images.ts';
import { type Deployment, environment, type Plimsoll, Refused, service, type Verdict } from './plimsoll.ts';
import { watchGate } from './watch.ts';

/** A good release is promoted, a bad one is caught, the good one comes back. */
export async function tell(plimsoll: Plimsoll, hosts: readonly CheckoutHost[]): Promise<void> {
  say(`\n${bold('The demonstration')}  ${dim('everything below goes through the public API')}\n`);
  await prepare(plimsoll, hosts);
  const events = await plimsoll.follow();
  try {
    await tellScenes(plimsoll, hosts);
    showEvents(events.counts);
  } finally {
    events.close();
  }
  await showLedger(plimsoll);
}

async function tellScenes(plimsoll: Plimsoll, hosts: readonly CheckoutHost[]): Promise<void> {
  scene(`checkout ${good.version} is deployed`);
  await plimsoll.register(good);
  const { runningRelease } = await plimsoll.slot();
  const kind = runningRelease?.digest === good.digest ? 'redeploy' : 'deploy';
  expectVerdict('promote', await bringOut(plimsoll, hosts, await plimsoll.deploy(good, kind), good));
  await showDryRun(plimsoll);
  await showShadow(plimsoll, hosts);

  scene(`checkout ${broken.version} is deployed`, 'it leaks a database connection with every probe');
  await plimsoll.register(broken);
  const caught = await plimsoll.deploy(broken, 'deploy');
  const startedAt = new Date();
  expectVerdict('rollback', await bringOut(plimsoll, hosts, caught, broken));

  scene(`checkout ${good.version} comes back`, 'a rollback is a deployment with a gate of its own, half as long');
  const rollback = await plimsoll.rollBack(`the gate caught ${broken.version}`);
  expectVerdict('promote', await bringOut(plimsoll, hosts, rollback, good));

  scene('Alertmanager tells of an alert', `it began while ${broken.version} ran, and is over`);
  await showIncident(plimsoll, caught, startedAt);

  await showFreeze(plimsoll);
}

async function showDryRun(plimsoll: Plimsoll): Promise<void> {
  for (const { check, host, outcome, detail } of await plimsoll.dryRun()) {
    say(
      `    ${dim(`a dry run of the gate, now: ${check} on ${host}`)} ${outcome}${dim(detail === null ? '' : ` ${detail}`)}`,
    );
  }
}

/** A gate that is tried before it is trusted: its verdict is kept, and the deployment is promoted all the same. */
async function showShadow(plimsoll: Plimsoll, hosts: readonly CheckoutHost[]): Promise<void> {
  scene('A stricter gate is tried in the shadow', 'what it says is kept, and decides nothing');
  await plimsoll.putGate(triedGate);
  const verdict = await bringOut(plimsoll, hosts, await plimsoll.deploy(good, 'redeploy'), good);
  await plimsoll.putGate(gate);
  expectVerdict('promote', verdict);
  const { verdict: shadow, reasons } = verdict.shadowVerdict ?? { verdict: 'none', reasons: [] };
  say(`    ${dim('it would have said')} ${bold(shadow)} ${dim(reasons[0]?.detail ?? '')}`);
}

/** What the stream of events told meanwhile, as a board or another tool hears it. */
function showEvents(counts: ReadonlyMap<string, number>): void {
  scene('What the stream of events told meanwhile', 'GET /v1/events');
  for (const [type, count] of counts) say(`    ${String(count).padStart(2)} × ${type}`);
}

async function showIncident(plimsoll: Plimsoll, caught: Deployment, startedAt: Date): Promise<void> {
  const incident = await plimsoll.alert('CheckoutFails', caught, startedAt);
  if (incident?.deploymentId !== caught.id)
    throw new Error('The demonstration expected an incident of that deployment.');
  const { title, status, attribution } = incident;
  const deployment = `number ${caught.sequence}, ${broken.version}`;
  say(
    `    ${dim('incident')} ${bold(title)} ${dim(`${status}, attributed by ${attribution} to deployment ${deployment}`)}`,
  );
}

async function prepare(plimsoll: Plimsoll, hosts: readonly CheckoutHost[]): Promise<void> {
  const names = hosts.map(({ name }) => name).join(' and ');
  await step(`environment ${environment}, service ${service}, hosts ${names}`, () => plimsoll.describe(hosts, gate));
  const [check] = gate.checks;
  say(`  ${green('✓')} gate: the right digest on every host, then ${check?.url} for ${gate.bakeSeconds} s`);
  await plimsoll.clearSlot();
  await plimsoll.thaw();
}

function scene(title: string, note = ''): void {
  say(`\n  ${bold(cyan(title))}${note && dim(`  ${note}`)}`);
}

/** The part that a pipeline plays: change the hosts, say so, wait for the verdict. */
async function bringOut(
  plimsoll: Plimsoll,
  hosts: readonly CheckoutHost[],
  deployment: Deployment,
  image: Image,
): Promise<Verdict> {
  const { kind, sequence, fence } = deployment;
  for (const host of hosts) host.run(image);
  await plimsoll.reportDeployed(deployment);
  say(`    ${dim(`${kind}, number ${sequence} of the slot, fence ${fence}; both hosts run it, the gate watches`)}`);
  const verdict = await watchGate(
    plimsoll,
    deployment,
    hosts.map(({ name }) => name),
  );
  say(`    ${paintVerdict(verdict.verdict)}${target(verdict)}`);
  for (const { code, detail } of verdict.reasons) say(`    ${dim(`${code}: ${detail}`)}`);
  return verdict;
}

const target = ({ rollbackTo }: Verdict) => (rollbackTo === null ? '' : ` to ${rollbackTo.version}`);

function paintVerdict(verdict: string): string {
  const paint = verdict === 'promote' ? green : verdict === 'rollback' ? red : yellow;
  return `${dim('verdict')} ${bold(paint(verdict))}`;
}

function expectVerdict(expected: string, { verdict }: Verdict): void {
  if (verdict !== expected)
    throw new Error(`The demonstration expected the verdict ${expected}, and it is ${verdict}.`);
}

async function showFreeze(plimsoll: Plimsoll): Promise<void> {
  scene('Deployments are frozen for an hour', 'a rollback would start all the same');
  const { reason, to } = await plimsoll.freeze('the shop is counting its stock', 1);
  const refusal = await plimsoll.deploy(good, 'redeploy').catch((error: unknown) => error);
  if (!(refusal instanceof Refused) || refusal.code !== 'frozen') {
    throw new Error('The demonstration expected the deployment to be frozen.', { cause: refusal });
  }
  say(`    ${dim('a deployment is')} ${bold(yellow(refusal.code))} ${dim(`until ${clock(to)} UTC: ${reason}`)}`);
  const open = await plimsoll.nextOpen();
  say(`    ${dim(`the next one may start at ${open === null ? 'a time that nobody knows' : `${clock(open)} UTC`}`)}`);
  await plimsoll.thaw();
}

const clock = (time: string) => time.slice(11, 16);

async function showLedger(plimsoll: Plimsoll): Promise<void> {
  const deployments = await plimsoll.ledger(6);
  const { runningRelease, lastKnownGood } = await plimsoll.slot();
  const columns = [4, 10, 9, 12, 10, 20];
  const row = (cells: readonly string[]) => cells.map((cell, index) => cell.padEnd(columns[index] ?? 0)).join('');
  say(`\n  ${bold('The ledger')}  ${dim(`${service} in ${environment}, newest first`)}`);
  say(`    ${dim(row(['#', 'kind', 'release', 'state', 'verdict', 'reason', 'started']))}`);
  for (const { sequence, kind, release, state, verdict, reason, createdAt } of deployments) {
    const cells = [String(sequence), kind, release.version, state, verdict, reason ?? '', createdAt.slice(11, 19)];
    say(`    ${row(cells)}`);
  }
  say(`    ${dim('running')} ${runningRelease?.version}   ${dim('last known good')} ${lastKnownGood?.version}`);
}
