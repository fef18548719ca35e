import { createHash } from 'node:crypto';
import type { ServicePlan } from './host-plan.model.js';

/** What a container was started with, each part as a short digest: by its label it can be compared with a file. */
export function settingsOf({ container, port, drain }: ServicePlan): string {
  const { environment, ...parts } = container;
  const sorted = Object.entries(environment).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const all = { ...parts, environment: sorted, port, stop: drain.withinSeconds };
  return JSON.stringify(Object.fromEntries(Object.entries(all).map(([name, part]) => [name, digestOf(part)])));
}

/** The parts in which a container is not what the plan says. None where it does not tell. */
export function differingParts(label: string | null, plan: ServicePlan): string[] {
  const [were, are] = [partsOf(label), partsOf(settingsOf(plan))];
  if (!were || !are) return [];
  const names = new Set([...Object.keys(were), ...Object.keys(are)]);
  return [...names].filter((name) => were[name] !== are[name]).toSorted();
}

/** Anybody may have put a label on a container, so it may hold anything. */
function partsOf(label: string | null): Record<string, unknown> | null {
  try {
    const parts: unknown = JSON.parse(label ?? 'null');
    return typeof parts === 'object' ? (parts as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

function digestOf(part: unknown): string {
  return createHash('sha256').update(JSON.stringify(part)).digest('hex').slice(0, 12);
}
