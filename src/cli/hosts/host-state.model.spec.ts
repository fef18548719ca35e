import { array, assert, constantFrom, integer, nat, property, record } from 'fast-check';
import type { Version } from './host-plan.model.js';
import { nextStep, type ContainerState, type HostState, type HostStep } from './host-state.model.js';

const old: Version = { deployment: 'old', digest: 'sha256:old' };
const fresh: Version = { deployment: 'fresh', digest: 'sha256:fresh' };

/** A host that does each step at once, and on which a step that was begun is done or not. */
class SimulatedHost {
  images = [old.digest];
  containers: ContainerState[] = [];
  live: string | null = null;
  ready: string[] = [];

  constructor(private readonly bad: readonly string[]) {}

  get state(): HostState {
    return { images: this.images, containers: this.containers, live: this.live, ready: this.ready };
  }

  /** Whether the step succeeded. */
  perform(step: HostStep, to: Version | null): boolean {
    if (step.kind === 'await-ready') {
      if (to === null || this.bad.includes(to.deployment)) return false;
      this.ready = [...this.ready, to.deployment];
    } else if (step.kind === 'pull') this.images = [...this.images, to?.digest ?? ''];
    else if (step.kind === 'create') this.#add(step.replica, to);
    else if (step.kind === 'start') this.#set([step.container], true);
    else if (step.kind === 'switch') this.live = to?.deployment ?? null;
    else if (step.kind === 'stop-routing') this.live = null;
    else this.#stop(step.containers);
    return true;
  }

  /** What a deployer remembers goes with him. */
  forget(): void {
    this.ready = [];
  }

  get serves(): boolean {
    const behind = this.containers.filter(({ deployment }) => deployment === this.live);
    return this.live === null || (behind.length > 0 && behind.every(({ isRunning }) => isRunning));
  }

  #add(replica: number, to: Version | null): void {
    if (to === null) return;
    this.containers = [
      ...this.containers,
      { ...to, name: `${to.deployment}-${replica}`, replica, isRunning: false, restarts: 0 },
    ];
  }

  #stop(names: readonly string[]): void {
    this.#set(names, false);
    const stopped = this.containers.filter(({ name }) => names.includes(name));
    this.ready = this.ready.filter((deployment) => !stopped.some((one) => one.deployment === deployment));
  }

  #set(names: readonly string[], isRunning: boolean): void {
    this.containers = this.containers.map((one) => (names.includes(one.name) ? { ...one, isRunning } : one));
  }
}

/** Goes towards a version for so many steps, or to the end; says whether it got there. */
function go(host: SimulatedHost, to: Version | null, replicas: number, steps = 100): boolean {
  for (let n = 0; n < steps; n += 1) {
    const step = nextStep(host.state, to, replicas);
    if (step === null) return true;
    if (!host.perform(step, to)) return false;
    expect(host.serves).toBe(true);
  }
  return false;
}

const runningOn = (host: SimulatedHost) => [
  ...new Set(host.containers.filter(({ isRunning }) => isRunning).map(({ deployment }) => deployment)),
];

describe('the way of a host from one version to another', () => {
  it('pulls, creates, starts, waits, switches, and only then drains the old', () => {
    const host = new SimulatedHost([]);
    go(host, old, 1);
    const kinds: string[] = [];
    for (let step = nextStep(host.state, fresh, 1); step !== null; step = nextStep(host.state, fresh, 1)) {
      kinds.push(step.kind);
      host.perform(step, fresh);
    }
    expect(kinds).toEqual(['pull', 'create', 'start', 'await-ready', 'switch', 'drain']);
  });

  it('returns by a start, a wait and a switch: the old containers were kept', () => {
    const host = new SimulatedHost([]);
    go(host, old, 2);
    go(host, fresh, 2);
    const kinds: string[] = [];
    for (let step = nextStep(host.state, old, 2); step !== null; step = nextStep(host.state, old, 2)) {
      kinds.push(step.kind);
      host.perform(step, old);
    }
    expect(kinds).toEqual(['start', 'start', 'await-ready', 'switch', 'drain']);
  });

  it('ends in the version that is asked for, however often it was killed and turned before, and serves all the while', () => {
    const turns = array(record({ to: constantFrom(old, fresh), steps: nat(12) }), { maxLength: 6 });
    assert(
      property(turns, constantFrom(old, fresh), integer({ min: 1, max: 3 }), (killed, last, replicas) => {
        const host = new SimulatedHost([]);
        go(host, old, replicas);
        for (const { to, steps } of killed) {
          go(host, to, replicas, steps);
          host.forget();
        }
        expect(go(host, last, replicas)).toBe(true);
        expect(host.live).toBe(last.deployment);
        expect(runningOn(host)).toEqual([last.deployment]);
      }),
    );
  });

  it('never sends a request to a version that does not get ready, and leaves the old one as it is', () => {
    assert(
      property(nat(12), integer({ min: 1, max: 3 }), (steps, replicas) => {
        const host = new SimulatedHost([fresh.deployment]);
        go(host, old, replicas);
        expect(go(host, fresh, replicas, steps)).toBe(false);
        expect(host.live).toBe(old.deployment);
        host.forget();
        expect(go(host, old, replicas)).toBe(true);
        expect(runningOn(host)).toEqual([old.deployment]);
      }),
    );
  });

  it('takes a first version back to nothing', () => {
    assert(
      property(nat(12), (steps) => {
        const host = new SimulatedHost([]);
        go(host, fresh, 2, steps);
        expect(go(host, null, 2)).toBe(true);
        expect([host.live, runningOn(host)]).toEqual([null, []]);
      }),
    );
  });
});
