import { Controller, Get, Header, Headers, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Access, OpsAccess } from '../access/access.js';
import { Problem } from '../problems/problem.js';
import type { DependencyState } from './dependency-state.js';
import { HealthChecks } from './health-checks.js';
import { Readiness, type ReadinessReport } from './readiness.js';
import { StartupPhases } from './startup-phases.js';

interface RequestHeaders {
  readonly authorization?: string;
}

const UNAVAILABLE = 503;

/** Probes, from what is known already. On both ports: a healthy operations port can hide a dead main one. */
@Controller()
export class ProbesController {
  constructor(private readonly readiness: Readiness) {}

  /** Not through Terminus, which answers 503 to every check while it shuts down: whoever kills by it kills a draining process. */
  @Get('livez')
  @Header('cache-control', 'no-store')
  @Access('open')
  livez() {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Header('cache-control', 'no-store')
  @Access('open')
  readyz(@Res({ passthrough: true }) reply: FastifyReply): ReadinessReport {
    const report = this.readiness.report();
    if (report.status === 'unready') reply.status(UNAVAILABLE);
    return report;
  }
}

/** The start, and what the sampler knows of the dependencies: nothing is asked here. */
@Controller()
export class HealthController {
  readonly #groups: ReadonlyMap<string, () => [ReadinessReport['status'], DependencyState[]]>;

  constructor(
    private readonly startup: StartupPhases,
    private readonly readiness: Readiness,
    private readonly checks: HealthChecks,
    private readonly access: OpsAccess,
  ) {
    const required = () => checks.states().filter(({ check }) => check.required);
    this.#groups = new Map([
      ['liveness', () => ['ready', []]],
      ['readiness', () => [readiness.report().status, required()]],
      ['dependencies', () => [worstOf(checks.states()), checks.states()]],
    ]);
  }

  @Get('startupz')
  @Access('open')
  startupz(@Res({ passthrough: true }) reply: FastifyReply) {
    const { isComplete } = this.startup;
    if (!isComplete) reply.status(UNAVAILABLE);
    return { status: isComplete ? 'started' : 'starting', phases: this.startup.list() };
  }

  @Get('health')
  @Access('open')
  all(@Headers() headers: RequestHeaders, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.#show(this.readiness.report().status, this.checks.states(), headers, reply);
  }

  @Get('health/:group')
  @Access('open')
  one(
    @Param('group') name: string,
    @Headers() headers: RequestHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const group = this.#groups.get(name);
    if (!group) throw new Problem(404, `Groups are ${[...this.#groups.keys()].join(', ')}.`);
    return this.#show(...group(), headers, reply);
  }

  /** The status to everybody, the details to whoever may read. */
  #show(report: ReadinessReport['status'], states: DependencyState[], headers: RequestHeaders, reply: FastifyReply) {
    const status = { ready: 'up', degraded: 'degraded', unready: 'down' }[report];
    if (status === 'down') reply.status(UNAVAILABLE);
    const isShown = this.access.allows('read') && this.access.hasToken(headers);
    return isShown ? { status, checks: states.map(detailOf) } : { status };
  }
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
