import { ok } from '../listener/ops-answers.js';
import type { OpsRoute } from '../listener/ops-routes.js';

const topics = ['jobs', 'caches', 'migrations'] as const;

export type ReportTopic = (typeof topics)[number];

/** What features tell an operator of themselves: `/jobs`, `/caches`, `/migrations`. */
export class Reports {
  readonly #reports = new Map<ReportTopic, Map<string, () => object | Promise<object>>>(
    topics.map((topic) => [topic, new Map()]),
  );

  /** `report` is asked at every request; it holds no secret, and of a job or cache what it is, did last and does next. */
  register(topic: ReportTopic, name: string, report: () => object | Promise<object>): void {
    this.#reports.get(topic)?.set(name, report);
  }

  routes(): OpsRoute[] {
    return topics.map((topic) => ({
      method: 'GET',
      path: `/${topic}`,
      access: 'read',
      answer: async () => ok({ [topic]: await this.#collect(topic) }),
    }));
  }

  #collect(topic: ReportTopic): Promise<object[]> {
    const reports = [...(this.#reports.get(topic) ?? [])];
    return Promise.all(reports.map(async ([name, report]) => Object.assign({ name }, await report())));
  }
}
