import { join } from 'node:path';
import { root } from '../architecture/planted-tree.js';

export interface Call {
  readonly slot: string;
  readonly act: string;
  readonly attempt?: string;
  readonly deployment?: string;
  readonly invokedAt: number;
  readonly returnedAt: number;
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  readonly status: number;
  readonly sees?: object;
  readonly state?: string;
  readonly verdict?: string;
  readonly activeOnes?: readonly string[];
}

export interface LedgerDeployment {
  readonly id: string;
  readonly slot: string;
  readonly kind: string;
  readonly attempt: string;
  readonly digest: string;
  readonly fence: number;
  readonly state: string;
  readonly applied: readonly string[];
  readonly reasons: readonly string[];
  readonly hostsChanged: boolean | null;
  readonly planned: number | null;
  readonly passed: number;
  readonly failed: number;
}

export interface Ledger {
  readonly deployments: readonly LedgerDeployment[];
  readonly releases: readonly string[];
  readonly evidence: Readonly<Record<string, { isGood: boolean; good: number; bad: number }>>;
}

export interface Violation {
  readonly check: string;
  readonly slot: string;
  readonly says: string;
  readonly history: readonly string[];
}

export interface Operation<State> {
  readonly label: string;
  readonly invokedAt: number;
  readonly returnedAt: number | null;
  readonly isRead: boolean;
  apply(state: State): State | null;
}

export interface Target {
  evidence(): Promise<Ledger['evidence']>;
}

type Send = (method: string, path: string, body?: object, added?: object) => Promise<{ status: number; body: string }>;

interface Given {
  readonly send: Send;
  readonly journal: { readonly calls: Call[] };
  readonly slots: readonly string[];
  readonly target: Target;
  readonly seed: number;
}

export interface Planned {
  readonly at: number;
  readonly forMs: number;
  readonly fault: { readonly kind: string; readonly what: string; readonly inject: string; readonly heal: string };
}

interface Modules {
  violationsOf(slots: readonly string[], calls: readonly Call[], ledger: Ledger): Violation[];
  findUnexplained<State>(
    initial: State,
    operations: readonly Operation<State>[],
    most?: number,
  ): { operation: Operation<State>; states: State[] } | null;
  scheduleOf(seed: number, minutes: number): Planned[];
  Api: new (
    send: Send,
    journal: { add(call: Call): void },
    now: () => number,
  ) => { write(wish: object): Promise<{ outcome: string }>; read(wish: object): Promise<{ outcome: string }> };
  Clients: new (given: Given) => { prepare(): Promise<void>; start(): void; end(): Promise<void>; close(): void };
  Journal: new (file: string) => { readonly calls: Call[]; counts(): string };
  Target: new (port: number, urlInside: string) => Target;
  Random: new (seed: number) => { between(least: number, most: number): number; pick<T>(list: readonly T[]): T };
  ledgerQuery(slots: readonly string[]): string;
  stepClock(ms: number): string;
  realClock: string;
  kinds: readonly { readonly kind: string }[];
  plants: readonly { name: string; found: string; plant?(deployment: string): string; undo?: string }[];
}

// By path: ops has a TypeScript configuration of its own.
const load = (name: string) => import(join(root, 'ops/chaos', name)) as Promise<Modules>;

export const { violationsOf } = await load('checks/all.ts');
export const { findUnexplained } = await load('checks/linearize.ts');
export const { scheduleOf } = await load('schedule.ts');
export const { Clients } = await load('clients.ts');
export const { Journal } = await load('journal.ts');
export const { Target: ChaosTarget } = await load('target.ts');
export const { Random } = await load('random.ts');
export const { ledgerQuery } = await load('read-ledger.ts');
export const { Api } = await load('api.ts');
export const { kinds, realClock, stepClock } = await load('faults.ts');
export const { plants } = await load('plants.ts');
