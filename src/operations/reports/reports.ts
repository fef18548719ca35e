import { Injectable } from '@nestjs/common';

const topics = ['jobs', 'caches', 'migrations'] as const;

export type ReportTopic = (typeof topics)[number];

/** The states that features report to operators: `/jobs`, `/caches`, `/migrations`. */
@Injectable()
export class Reports {
  readonly #reports = new Map<ReportTopic, Map<string, () => object | Promise<object>>>(
    topics.map((topic) => [topic, new Map()]),
  );

  /**
   * `report` is called for every request. It contains no secret. For a job or cache it says what it is, did last and
   * does next.
   */
  register(topic: ReportTopic, name: string, report: () => object | Promise<object>): void {
    this.#reports.get(topic)?.set(name, report);
  }

  async collect(topic: ReportTopic): Promise<object> {
    const reports = [...(this.#reports.get(topic) ?? [])];
    return {
      [topic]: await Promise.all(reports.map(async ([name, report]) => Object.assign({ name }, await report()))),
    };
  }
}
