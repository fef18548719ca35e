import { readFileSync } from 'node:fs';

/**
 * After a restore, in the container of an instance: asks every host which release it runs, tells Plimsoll, and prints where
 * the ledger says otherwise. A restore goes back in time, hosts do not. Ends with 1 if something differs or is not known.
 */
interface Identity {
  readonly url: string;
  readonly field: string;
}
interface Host {
  readonly name: string;
  readonly url: string;
}
interface Slot {
  readonly hosts: readonly Host[];
  readonly runningRelease: { readonly digest: string; readonly gitSha: string } | null;
}
interface Page {
  readonly items: readonly { readonly slug: string }[];
}

const { PLIMSOLL_URL: api, PLIMSOLL_TOKEN, PLIMSOLL_TOKEN_FILE = '' } = process.env;
const token = PLIMSOLL_TOKEN ?? readFileSync(PLIMSOLL_TOKEN_FILE, 'utf8').trim();
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const agrees = 'as the ledger says';

async function send(path: string, sent: { method?: string; body?: string } = {}): Promise<Response> {
  const signal = AbortSignal.timeout(10_000);
  const answer = await fetch(new URL(path, api), { ...sent, headers, signal });
  if (!answer.ok && answer.status !== 404) throw new Error(`${path} answered ${answer.status}`);
  return answer;
}

async function found<Body>(path: string): Promise<Body | null> {
  const answer = await send(path);
  return answer.ok ? ((await answer.json()) as Body) : null;
}

async function slugs(path: string): Promise<string[]> {
  const all: string[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const answer = await send(next);
    all.push(...((await answer.json()) as Page).items.map(({ slug }) => slug));
    [, next] = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '') ?? [];
  }
  return all;
}

/** What the host shows where the gate looks for it. */
async function shown({ url, field }: Identity, host: Host): Promise<unknown> {
  const address = url.replaceAll('{host.url}', host.url).replaceAll('{host.name}', host.name);
  const answer = await fetch(address, { signal: AbortSignal.timeout(5000) });
  if (field.startsWith('header:')) return answer.headers.get(field.slice('header:'.length));
  let part = (await answer.json()) as unknown;
  for (const name of field.split('/').slice(1)) {
    part = (part as Record<string, unknown> | null)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return part;
}

async function findingOf(slot: Slot, path: string, host: Host, identity: Identity | undefined): Promise<string> {
  if (!identity) return 'not known: the gate has no identity';
  const value = await shown(identity, host).catch((error: Error) => error);
  if (typeof value !== 'string') return `not known: ${value instanceof Error ? value.message : 'it shows nothing'}`;
  if (/^sha256:[0-9a-f]{64}$/.test(value)) {
    const body = JSON.stringify({ host: host.name, digest: value });
    await send(`${path}/observations`, { method: 'POST', body }).catch(() => undefined);
  }
  const { digest, gitSha } = slot.runningRelease ?? {};
  return [digest, gitSha].includes(value) ? agrees : `DRIFT: runs ${value}, the ledger says ${digest ?? 'nothing'}`;
}

const findings: string[] = [];
const environments = await slugs('/v1/environments');
for (const service of await slugs('/v1/services')) {
  for (const environment of environments) {
    const path = `/v1/services/${service}/environments/${environment}`;
    const slot = await found<Slot>(path);
    if (!slot || slot.hosts.length === 0) continue;
    const gate = await found<{ identity?: Identity }>(`${path}/gate`);
    for (const host of slot.hosts) {
      const finding = await findingOf(slot, path, host, gate?.identity);
      findings.push(finding);
      process.stdout.write(`${service} in ${environment}, ${host.name}: ${finding}\n`);
    }
  }
}
const differ = findings.filter((finding) => finding !== agrees).length;
process.stdout.write(`${findings.length} hosts asked, ${differ} not ${agrees}\n`);
process.exitCode = differ === 0 ? 0 : 1;
