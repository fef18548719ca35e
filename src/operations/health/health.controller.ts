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

/** Answers probes from the known state. On both ports, because a healthy operations port can hide a dead main port. */
@Controller()
export class ProbesController {
  constructor(private readonly readiness: Readiness) {}

  /**
   * Not through Terminus, which answers every check with 503 during its shutdown. A supervisor would then kill a
   * process that drains.
   */
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

/** The start, and the sampler's state of the dependencies. Nothing is queried here. */
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

  /** The status for everybody, the details only for those who may read. */
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
