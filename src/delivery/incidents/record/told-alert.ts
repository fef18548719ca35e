import type { AlertTimes } from '../incident.model.js';
import type { Suspicion } from '../incidents.events.js';

/** An alert as somebody tells of it. */
export interface ToldAlert extends AlertTimes, Suspicion {
  readonly startsAt: Date;
  readonly fingerprint: string;
  readonly title: string;
  readonly labels: Record<string, string>;
}
