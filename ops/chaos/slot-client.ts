import type { Api, Body, Reading, Result } from './api.ts';
import { codeOf } from './api.ts';
import type { Sight } from './journal.ts';

export const environment = 'chaos';
const activeStates = new Set(['in_progress', 'verifying', 'on_hold']);

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly fence: number | null;
  readonly release: { readonly digest: string };
}
type Reference = { readonly digest: string } | null;

/** What may be asked of a slot, and what the answers say of it. */
export class SlotClient {
  readonly slot: string;
  private readonly api: Api;

  constructor(api: Api, slot: string) {
    this.api = api;
    this.slot = slot;
  }

  release(digest: string, gitSha: string): Promise<Result> {
    const path = `/v1/services/${this.slot}/releases/${digest}`;
    return this.api.write({
      ...this.of('release', { attempt: digest }),
      method: 'PUT',
      path,
      body: { version: '1', gitSha },
    });
  }

  start(attempt: string, digest: string): Promise<Result> {
    const body = { service: this.slot, environment, digest, kind: 'deploy', externalId: attempt };
    const wish = { method: 'POST', path: '/v1/deployments', body, read: readStarted };
    return this.api.write({ ...this.of('start', { attempt }), ...wish });
  }

  rollBack(attempt: string): Promise<Result> {
    const wish = { method: 'POST', path: `${this.path}/rollback`, body: { reason: attempt }, read: readStarted };
    return this.api.write({ ...this.of('rollback', { attempt }), ...wish });
  }

  report(act: 'deployed' | 'failed' | 'cancel' | 'decision', deployment: string, body: object): Promise<Result> {
    const wish = { method: 'POST', path: `/v1/deployments/${deployment}/${act}`, body, read: readHeld(deployment) };
    return this.api.write({ ...this.of(act, { deployment }), ...wish });
  }

  verdict(deployment: string, waitSeconds: number): Promise<Result> {
    const path = `/v1/deployments/${deployment}/verdict?wait=${waitSeconds}`;
    return this.api.read({
      ...this.of('read-verdict', { deployment }),
      method: 'GET',
      path,
      read: readHeld(deployment),
    });
  }

  read(): Promise<Result> {
    return this.api.read({ ...this.of('read-slot', {}), method: 'GET', path: this.path, read: readSlot });
  }

  list(): Promise<Result> {
    const path = `/v1/deployments?service=${this.slot}&environment=${environment}&limit=10`;
    return this.api.read({ ...this.of('read-list', {}), method: 'GET', path, read: readList });
  }

  deployment(id: string): Promise<Result> {
    const wish = { method: 'GET', path: `/v1/deployments/${id}`, read: readHeld(id) };
    return this.api.read({ ...this.of('read-verdict', { deployment: id }), ...wish });
  }

  private get path(): string {
    return `/v1/services/${this.slot}/environments/${environment}`;
  }

  private of<Act extends string, Names extends object>(act: Act, names: Names) {
    return { slot: this.slot, act, ...names };
  }
}

function readSlot(body: Body): Reading {
  const active = body['activeDeployment'] as Shown | null;
  const sees: Sight = {
    fence: body['fence'] as number,
    active: active?.id ?? null,
    phase: active?.state ?? null,
    running: (body['runningRelease'] as Reference)?.digest ?? null,
    runningState: body['runningReleaseState'] as string,
    good: (body['lastKnownGood'] as Reference)?.digest ?? null,
  };
  return { sees };
}

/** A refusal because the slot is busy shows who has it. */
function readStarted(body: Body, status: number): Reading {
  if (status < 400) {
    const { id, fence } = body as unknown as Shown;
    return { deployment: id, sees: { fence: fence ?? 0 } };
  }
  const holder = body['holder'] as Shown | undefined;
  return codeOf(body) === 'slot-busy' && holder ? { sees: { active: holder.id, phase: holder.state } } : {};
}

/** As long as a deployment has not ended, the slot is its own. */
function readHeld(id: string) {
  return (body: Body, status: number): Reading => {
    if (status >= 400) return {};
    const { state, verdict } = body as { state: string; verdict: string };
    return { state, verdict, ...(activeStates.has(state) && { sees: { active: id, phase: state } }) };
  };
}

function readList(body: Body): Reading {
  const items = (body['items'] as readonly Shown[] | undefined) ?? [];
  return { activeOnes: items.filter(({ state }) => activeStates.has(state)).map(({ id }) => id) };
}
