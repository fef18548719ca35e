import { Clock } from '../../../platform/clock.js';
import { DueHeap } from './due-heap.js';

/** Work to do once at its time. `dueAtMs` must not change while it is on the timetable. */
export interface Appointment {
  readonly dueAtMs: number;
  /** Cancelled: nobody waits for it any more. */
  isOff(): boolean;
  keep(): void;
}

/** After this time a changed clock is noticed, for example that of a test. */
const LONGEST_SLEEP_MS = 1000;

/** How many are started in a row before other work gets the event loop. */
const KEPT_IN_A_ROW = 100;

/** All appointments of an instance, on one timer. */
export class Timetable {
  private readonly appointments = new DueHeap<Appointment>();
  private timer: NodeJS.Timeout | null = null;
  private isPaused = false;

  constructor(private readonly clock: Clock) {}

  add(appointment: Appointment): void {
    this.appointments.push(appointment);
    if (this.appointments.first === appointment) this.sleep();
  }

  /** Until `resume` all due work waits. */
  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.sleep();
  }

  clear(): void {
    this.appointments.clear();
    this.sleep();
  }

  private sleep(): void {
    if (this.timer) clearTimeout(this.timer);
    const next = this.appointments.first;
    this.timer = null;
    if (!next || this.isPaused) return;
    const waitMs = Math.min(LONGEST_SLEEP_MS, Math.max(0, next.dueAtMs - this.clock.now().getTime()));
    this.timer = setTimeout(() => this.wake(), waitMs);
  }

  private wake(): void {
    if (this.isPaused) return;
    const nowMs = this.clock.now().getTime();
    for (let kept = 0; kept < KEPT_IN_A_ROW; kept += 1) {
      const { first } = this.appointments;
      if (!first || first.dueAtMs > nowMs) return this.sleep();
      this.appointments.pop();
      if (!first.isOff()) first.keep();
    }
    setImmediate(() => this.wake());
  }
}
