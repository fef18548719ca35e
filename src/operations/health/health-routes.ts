import { ok, problem } from '../listener/ops-answers.js';
import type { OpsGuard } from '../listener/ops-guard.js';
import type { OpsAnswer, OpsRequest, OpsRoute } from '../listener/ops-routes.js';
import type { DependencyState } from './dependency-state.js';
import type { HealthChecks } from './health-checks.js';
import type { Readiness, ReadinessReport } from './readiness.js';
import type { StartupPhases } from './startup-phases.js';

interface HealthParts {
  readiness: Readiness;
  startup: StartupPhases;
  healthChecks: HealthChecks;
  guard: OpsGuard;
}

interface GroupReport {
  status: ReadinessReport['status'];
  states: DependencyState[];
}

export function healthRoutes(parts: HealthParts): OpsRoute[] {
  const groups = healthGroups(parts);
  return [
    // The listener's own thread answers this one before it comes here.
    { method: 'GET', path: '/livez', access: 'open', answer: () => ok({ status: 'ok' }) },
    { method: 'GET', path: '/readyz', access: 'open', answer: () => readyz(parts.readiness) },
    { method: 'GET', path: '/startupz', access: 'open', answer: () => startupz(parts.startup) },
    { method: 'GET', path: '/health', access: 'open', answer: groups.all },
    {
      method: 'GET',
      path: '/health/{group}',
      access: 'open',
      answer: groups.one,
    },
  ];
}

export function readyz(readiness: Readiness): OpsAnswer {
  const report = readiness.report();
  return { status: report.status === 'unready' ? 503 : 200, body: report };
}

function startupz(startup: StartupPhases): OpsAnswer {
  const body = { status: startup.isComplete ? 'started' : 'starting', phases: startup.list() };
  return { status: startup.isComplete ? 200 : 503, body };
}

function healthGroups({ readiness, healthChecks, guard }: HealthParts) {
  const required = () => healthChecks.states().filter(({ check }) => check.required);
  const groups = new Map<string, () => GroupReport>([
    ['liveness', () => ({ status: 'ready', states: [] })],
    ['readiness', () => ({ status: readiness.report().status, states: required() })],
    ['dependencies', () => ({ status: worstOf(healthChecks.states()), states: healthChecks.states() })],
  ]);
  const show = (report: GroupReport, request: OpsRequest): OpsAnswer => {
    const status = { ready: 'up', degraded: 'degraded', unready: 'down' }[report.status];
    const body = guard.isAuthorized(request.headers) ? { status, checks: report.states.map(detailOf) } : { status };
    return status === 'down' ? { status: 503, body } : ok(body);
  };
  return {
    all: (request: OpsRequest) => show({ status: readiness.report().status, states: healthChecks.states() }, request),
    one: (request: OpsRequest) => {
      const report = groups.get(request.parameter)?.();
      return report ? show(report, request) : problem(404, `Groups are ${[...groups.keys()].join(', ')}.`);
    },
  };
}

function worstOf(states: DependencyState[]): ReadinessReport['status'] {
  if (states.some(({ check, status }) => check.required && status !== 'up')) return 'unready';
  return states.some(({ status }) => status === 'down') ? 'degraded' : 'ready';
}

function detailOf({ check, status, since, last }: DependencyState) {
  return {
    name: check.name,
    required: check.required,
    status,
    latencyMs: last?.latencyMs ?? null,
    checkedAt: last?.at ?? null,
    since,
    code: last?.code ?? null,
  };
}
