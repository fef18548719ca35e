import { lockTableAgainAndAgain, sql, within } from '../drills/faults.ts';
import type { Random } from './random.ts';

/** One thing that goes wrong for a while. Commands are bash, run in the clone, with the stack's project in the environment. */
export interface Fault {
  readonly kind: string;
  /** For readers of the schedule. */
  readonly what: string;
  readonly inject: string;
  /** Puts it right, whatever has become of it meanwhile, and also where it was never injected. */
  readonly heal: string;
}

/** How faults of one kind are drawn. */
interface Kind {
  readonly kind: string;
  /** How often it is drawn, beside the others. */
  readonly weight: number;
  draw(random: Random): Omit<Fault, 'kind'>;
}

export const container = (service: string) => `"\${COMPOSE_PROJECT_NAME}_${service}_1"`;
const state = (service: string, field: string) =>
  `$(podman inspect --format '{{.State.${field}}}' ${container(service)})`;

const instances = ['app-1', 'app-2'];
const breakable = [...instances, ...instances, 'postgres', 'postgres', 'redis', 'proxy', 'unleash', 'prometheus'];

/** Who sends to whom: what the first sends to the second is lost. */
const pairs: readonly (readonly [string, string])[] = [
  ...instances.flatMap((app): [string, string][] => [
    [app, 'postgres'],
    ['postgres', app],
    [app, 'redis'],
    ['redis', app],
    ['proxy', app],
    [app, 'proxy'],
    [app, 'chaos-target'],
    ['chaos-target', app],
  ]),
  ['unleash', 'postgres'],
  ['app-1', 'unleash'],
  ['app-2', 'prometheus'],
];

/** What has ended runs again. */
const running = (service: string) => `[[ ${state(service, 'Running')} == true ]] || podman start ${container(service)}`;

/** The wall clock of an instance, as its own code reads it. Timers and durations go by another clock, as on a real machine. */
export const stepClock = (ms: number) =>
  `globalThis.realDate ??= Date; globalThis.Date = new Proxy(realDate, { ` +
  `construct: (date, given) => given.length ? new date(...given) : new date(date.now() + ${ms}), ` +
  `get: (date, name) => name === "now" ? () => date.now() + ${ms} : date[name] })`;
export const realClock = 'if (globalThis.realDate) globalThis.Date = realDate';

const endSessions = sql(
  `select count(pg_terminate_backend(pid)) from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()`,
);

export const kinds: readonly Kind[] = [
  {
    kind: 'kill -9',
    weight: 4,
    draw: (random) => {
      const service = random.pick(breakable);
      // The process and not the container: Podman is to find out by itself, and to start it again.
      const inject = `pid=${state(service, 'Pid')}; ((pid > 1)) && kill -9 "$pid"`;
      return { what: service, inject, heal: running(service) };
    },
  },
  {
    kind: 'stop',
    weight: 3,
    draw: (random) => {
      const service = random.pick(breakable);
      return { what: service, inject: `podman stop --time 30 ${container(service)}`, heal: running(service) };
    },
  },
  {
    kind: 'pause',
    weight: 3,
    draw: (random) => {
      const service = random.pick(breakable);
      const heal = `[[ ${state(service, 'Status')} != paused ]] || podman unpause ${container(service)}`;
      return { what: service, inject: `podman pause ${container(service)}`, heal: `${heal}\n${running(service)}` };
    },
  },
  {
    kind: 'network loss',
    weight: 6,
    draw: (random) => {
      const [from, to] = random.pick(pairs);
      return {
        what: `from ${from} to ${to}`,
        inject: `ops/chaos/cut ${from} ${to}`,
        heal: `ops/chaos/cut --mend ${from}`,
      };
    },
  },
  {
    kind: 'full disk',
    weight: 2,
    draw: () => ({
      what: 'of PostgreSQL',
      inject: 'ops/chaos/fill',
      heal: `ops/chaos/fill --free\n${running('postgres')}`,
    }),
  },
  {
    kind: 'clock step',
    weight: 3,
    draw: (random) => {
      const service = random.pick(instances);
      const seconds = random.between(1, 900) * (random.chance(0.5) ? 1 : -1);
      const inject = within(service, stepClock(seconds * 1000));
      return { what: `of ${service} by ${seconds} s`, inject, heal: within(service, realClock) };
    },
  },
  {
    kind: 'slow database',
    weight: 2,
    draw: (random) => {
      const table = random.pick(['deployments', 'slot_states', 'gate_runs', 'measurements']);
      return { what: `locks on ${table}`, inject: lockTableAgainAndAgain(table), heal: endSessions };
    },
  },
  {
    kind: 'starved',
    weight: 2,
    draw: (random) => {
      const service = random.pick(['postgres', 'app-1', 'app-2']);
      const set = (option: string) => `podman update ${option} ${container(service)}`;
      // Podman leaves the limit as it is for 0, and for a quota of -1. As many as the machine has are no limit.
      return {
        what: `${service} has a tenth of a processor`,
        inject: set('--cpus 0.1'),
        heal: set('--cpus "$(nproc)"'),
      };
    },
  },
  {
    kind: 'failover',
    weight: 1,
    draw: () => ({
      what: 'to a standby of PostgreSQL',
      inject: 'ops/chaos/failover',
      heal: 'ops/chaos/failover --back',
    }),
  },
];
