import { Injectable } from '@nestjs/common';
import { ProbeTargets } from '../../../platform/probes/probe-targets.js';
import type { GatePlan, PlannedHost } from '../plan/gate-plan.model.js';
import type { GateSubject } from '../plan/gate-specification.model.js';
import { render, speaksOfHost, type TemplateValues, unknownPlaceholders } from '../plan/template.model.js';

/** The placeholders of a template, except those of its host. */
export type TemplateContext = Pick<GatePlan, 'service' | 'environment' | 'release'>;

const ANY_RELEASE = { digest: 'sha256:0', gitSha: '0', version: '0' };
const ANY_HOST: PlannedHost = { name: 'any', url: 'http://any' };

/** Characters that the URL parser removes or replaces silently. */
const NOT_IN_A_URL = /[\s\p{Cc}]/u;

/** In the URL of a host they would hide the path. Hosts that were written before this rule may still contain them. */
const SWALLOWS_THE_PATH = /[?#]/;

/** The http or https URL of a template for a host, or null if it gives none. */
export function urlFor(template: string, context: TemplateContext, host: PlannedHost | null): URL | null {
  if (host && SWALLOWS_THE_PATH.test(host.url)) return null;
  const url = URL.parse(render(template, valuesFor(context, host)));
  return url && ['http:', 'https:'].includes(url.protocol) ? url : null;
}

/** Validates URL templates before anything is probed. */
@Injectable()
export class ProbeUrls {
  constructor(private readonly targets: ProbeTargets) {}

  /** What is wrong with a template for the hosts that the slot has now, as far as it can be told; null for nothing. */
  faultOf(template: string, { hosts, ...context }: GateSubject): string | null {
    if (NOT_IN_A_URL.test(template)) return 'must hold no space and no control character';
    const [unknown] = unknownPlaceholders(template);
    if (unknown !== undefined) return `{${unknown}} stands for nothing`;
    const meant = (host: PlannedHost | null) => urlFor(template, { ...context, release: ANY_RELEASE }, host);
    if (!speaksOfHost(template)) return this.faultOfUrl(meant(null));
    if (meant(ANY_HOST) === null) return this.faultOfUrl(null);
    return hosts.map((host) => this.faultOfUrl(meant(host))).find((fault) => fault !== null) ?? null;
  }

  private faultOfUrl(url: URL | null): string | null {
    if (!url) return 'is no http or https URL';
    if (url.username !== '' || url.password !== '') return 'must hold no user and no password';
    const refusal = this.targets.refusalOf(url);
    return refusal === null ? null : `would not be probed: ${refusal}`;
  }
}

/** Values other than the host's URL are parts of a URL: they must not end it, begin a query, or climb the path. */
function valuesFor({ service, environment, release }: TemplateContext, host: PlannedHost | null): TemplateValues {
  return {
    'host.name': encodeURIComponent(host?.name ?? ''),
    'host.url': host?.url ?? '',
    'release.digest': encodeURIComponent(release.digest),
    'release.gitSha': encodeURIComponent(release.gitSha),
    'release.version': encodeURIComponent(release.version),
    service,
    environment,
  };
}
