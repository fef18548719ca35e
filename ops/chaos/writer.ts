import { setTimeout as delay } from 'node:timers/promises';
import type { Body, Result } from './api.ts';
import type { Random } from './random.ts';
import type { SlotClient } from './slot-client.ts';
import type { Target } from './target.ts';

const isGoodShare = 0.75;
const rollbackShare = 0.15;
const endsEarlyShare = 0.12;
/** A gate that is cut off for a while needs longer than it bakes; who has waited so long begins something else. */
const patienceMs = 90_000;
/** What one writer has begun, the other gives up once it has stood so long. */
const abandonedMs = 25_000;

/** A pipeline that never stops: releases, deployments, reports, rollbacks, decisions, as chance will have it. */
export class Writer {
  private readonly name: string;
  private readonly client: SlotClient;
  private readonly target: Target;
  private readonly random: Random;
  private readonly signal: AbortSignal;
  private begun = 0;
  private busySince: { readonly id: string; readonly at: number } | null = null;

  constructor(name: string, client: SlotClient, target: Target, random: Random, signal: AbortSignal) {
    this.name = name;
    this.client = client;
    this.target = target;
    this.random = random;
    this.signal = signal;
  }

  async run(): Promise<void> {
    while (!this.signal.aborted) {
      const attempt = `${this.name}-${(this.begun += 1)}`;
      const started = this.random.chance(rollbackShare)
        ? await this.client.rollBack(attempt)
        : await this.startNew(attempt);
      if (started.outcome === 'acknowledged') await this.carryOut(attempt, started.body);
      else await this.giveUpAbandoned(started.body);
      await delay(this.random.between(200, 900));
    }
  }

  private async startNew(attempt: string): Promise<Result> {
    const gitSha = Array.from({ length: 40 }, () => this.random.between(0, 15).toString(16)).join('');
    const digest = `sha256:${gitSha}${gitSha.slice(0, 24)}`;
    const released = await this.client.release(digest, gitSha);
    return released.outcome === 'acknowledged' ? this.client.start(attempt, digest) : released;
  }

  private async carryOut(attempt: string, { id, fence, release }: Body): Promise<void> {
    const deployment = String(id);
    const { digest } = release as { digest: string };
    if (this.random.chance(endsEarlyShare)) return this.endEarly(deployment, fence);
    const isGood = this.random.chance(isGoodShare);
    await this.target.run(this.client.slot, { attempt, fence: Number(fence), digest, isGood });
    const { outcome } = await this.client.report('deployed', deployment, { fence });
    if (outcome === 'acknowledged') await this.followGate(deployment);
  }

  private async endEarly(deployment: string, fence: unknown): Promise<void> {
    if (this.random.chance(0.5)) {
      await this.client.report('cancel', deployment, { fence, reason: 'chaos', hostsChanged: false });
      return;
    }
    const hostsChanged = this.random.chance(0.5);
    await this.client.report('failed', deployment, { fence, reason: 'chaos', hostsChanged });
  }

  private async followGate(deployment: string): Promise<void> {
    const until = performance.now() + patienceMs;
    while (performance.now() < until && !this.signal.aborted) {
      const { outcome, body } = await this.client.verdict(deployment, 3);
      if (outcome !== 'acknowledged') await delay(500);
      else if (body['verdict'] === 'hold') return this.decide(deployment);
      else if (body['verdict'] !== 'pending') return;
    }
  }

  private async decide(deployment: string): Promise<void> {
    const decision = this.random.chance(0.5) ? 'promote' : 'reject';
    await this.client.report('decision', deployment, { decision, reason: 'chaos' });
  }

  /** A deployment whose writer never learned that it had begun would hold its slot until its lease runs out. */
  private async giveUpAbandoned({ holder }: Body): Promise<void> {
    const id = (holder as { id?: string } | undefined)?.id;
    if (id === undefined) return;
    if (this.busySince?.id !== id) this.busySince = { id, at: performance.now() };
    if (performance.now() - this.busySince.at < abandonedMs) return;
    this.busySince = null;
    const { body } = await this.client.deployment(id);
    if (body['state'] === 'on_hold') await this.decide(id);
    if (body['state'] !== 'in_progress') return;
    await this.client.report('failed', id, { fence: body['fence'], reason: 'abandoned', hostsChanged: true });
  }
}
