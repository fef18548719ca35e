import { problem } from '../listener/ops-answers.js';
import type { OpsAnswer, OpsRoute } from '../listener/ops-routes.js';

/** One scrape at a time: a second Prometheus that comes while the first one waits would only make both wait longer. */
export function metricsRoutes(): OpsRoute[] {
  let isScraped = false;
  const scrape = async (): Promise<OpsAnswer> => {
    if (isScraped) return problem(503, 'Another scrape is under way.', { 'Retry-After': '1' });
    isScraped = true;
    try {
      // Loaded when it is first needed: the listener is there before.
      const { register } = await import('prom-client');
      return { status: 200, body: await register.metrics(), contentType: register.contentType };
    } finally {
      isScraped = false;
    }
  };
  return [{ method: 'GET', path: '/metrics', access: 'open', answer: scrape }];
}
