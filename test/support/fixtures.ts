import { createHash, randomUUID } from 'node:crypto';
import type { Answer, TestApplication } from './application.js';

let count = 0;

/** A word that no other fixture of this test file has. */
export function unique(word: string): string {
  count += 1;
  return `${word}-${count}`;
}

/** The digest that an image of these words would have. */
export function digestOf(words: string): string {
  return `sha256:${createHash('sha256').update(words).digest('hex')}`;
}

export interface EnvironmentFixture {
  readonly slug: string;
  readonly tier: 'development' | 'staging' | 'production';
}

export async function anEnvironment(
  app: TestApplication,
  overrides: Partial<EnvironmentFixture> = {},
): Promise<EnvironmentFixture> {
  const environment = { slug: unique('environment'), tier: 'development' as const, ...overrides };
  const { slug, tier } = environment;
  succeeded(await app.request('PUT', `/v1/environments/${slug}`, { body: { tier, description: '' } }));
  return environment;
}

export interface ServiceFixture {
  readonly slug: string;
}

export async function aService(app: TestApplication, overrides: Partial<ServiceFixture> = {}): Promise<ServiceFixture> {
  const service = { slug: unique('service'), ...overrides };
  const body = { description: '', repository: `https://git.example.com/${service.slug}`, owner: 'payments' };
  succeeded(await app.request('PUT', `/v1/services/${service.slug}`, { body }));
  return service;
}

export interface ReleaseFixture {
  readonly service: string;
  readonly digest: string;
  readonly version: string;
  readonly gitSha: string;
  readonly builtAt: string;
  readonly commits: ReadonlyArray<{ readonly sha: string; readonly committedAt: string }>;
}

/** Its service is made unless one is given. */
export async function aRelease(app: TestApplication, overrides: Partial<ReleaseFixture> = {}): Promise<ReleaseFixture> {
  const version = overrides.version ?? unique('1.0');
  const gitSha = createHash('sha1').update(version).digest('hex');
  const release = {
    service: overrides.service ?? (await aService(app)).slug,
    digest: digestOf(version),
    version,
    gitSha,
    builtAt: '2026-01-05T10:00:00.000Z',
    commits: [{ sha: gitSha, committedAt: '2026-01-05T09:00:00.000Z' }],
    ...overrides,
  };
  const { service, digest, ...body } = release;
  succeeded(await app.request('PUT', `/v1/services/${service}/releases/${digest}`, { body }));
  return release;
}

export interface SlotFixture {
  readonly service: string;
  readonly environment: string;
  readonly hosts: ReadonlyArray<{ readonly name: string; readonly url: string }>;
  /** Null puts no gate. */
  readonly gate: object | null;
  readonly path: string;
}

/** A slot without hosts, whose gate promotes at once; its service and environment are made unless they are given. */
export async function aSlot(
  app: TestApplication,
  overrides: Partial<Omit<SlotFixture, 'path'>> = {},
): Promise<SlotFixture> {
  const service = overrides.service ?? (await aService(app)).slug;
  const environment = overrides.environment ?? (await anEnvironment(app)).slug;
  const path = `/v1/services/${service}/environments/${environment}`;
  const slot = { hosts: [], gate: { ungated: 'a test' }, ...overrides, service, environment, path };
  if (slot.hosts.length > 0) {
    const hosts = slot.hosts.map(({ name, url }) => ({ name, url }));
    succeeded(await app.request('PUT', `${path}/hosts`, { body: { hosts } }));
  }
  if (slot.gate !== null) {
    succeeded(await app.request('PUT', `${path}/gate`, { body: slot.gate }));
  }
  return slot;
}

export interface DeploymentRequest {
  readonly service: string;
  readonly environment: string;
  readonly digest: string;
  /** Where the deployment is to be taken to: as it was created, or after its `deployed` was reported. */
  readonly state: 'in_progress' | 'verifying';
  /** What else the request says. */
  readonly body: object;
}

export interface DeploymentFixture {
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly fence: number;
  readonly state: string;
  readonly release: { readonly digest: string; readonly version: string };
}

/**
 * A deployment in a slot, in progress unless told otherwise; the slot and the release are made unless they are given.
 * `verifying` reports `deployed`; where the gate concludes at once, the deployment is promoted by then.
 */
export async function aDeployment(
  app: TestApplication,
  { service: ofService, environment: inEnvironment, digest, state, body }: Partial<DeploymentRequest> = {},
): Promise<DeploymentFixture> {
  const service = ofService ?? (await aService(app)).slug;
  const environment = inEnvironment ?? (await aSlot(app, { service })).environment;
  const release = digest ?? (await aRelease(app, { service })).digest;
  const created = await app.request('POST', '/v1/deployments', {
    headers: { 'idempotency-key': randomUUID() },
    body: { service, environment, digest: release, kind: 'deploy', ...body },
  });
  const deployment = succeeded<DeploymentFixture>(created);
  if (state !== 'verifying') {
    return deployment;
  }
  const { id, fence } = deployment;
  return succeeded<DeploymentFixture>(await app.request('POST', `/v1/deployments/${id}/deployed`, { body: { fence } }));
}

/** A fixture that cannot be made fails the test there and then, with the problem. */
function succeeded<Body>(answer: Answer<Body>): Body {
  if (answer.status >= 400) {
    throw new Error(`A fixture was refused with ${answer.status}: ${answer.text}`);
  }
  return answer.body;
}
