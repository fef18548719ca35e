import type { Settings } from '../config/settings.js';
import type { SpanExport, SpanExportOptions, SpanOutcome } from './span-export.js';
import type { Spans } from './spans.js';

/**
 * The tracing of this process. Like the context that it keeps, there is one in a process: whatever speaks
 * `@opentelemetry/api` joins in. While it is off `spans` is null, and nothing of OpenTelemetry is loaded for it.
 */
class Tracing {
  spans: Spans | null = null;
  readonly counts: Record<SpanOutcome, number> = { exported: 0, failed: 0, dropped: 0 };
  #export: SpanExport | null = null;

  /** Loads OpenTelemetry if there is a collector. To be called once, before anything is served. */
  async start(settings: Settings, options: Omit<SpanExportOptions, 'settings' | 'endpoint' | 'counts'>): Promise<void> {
    const { otelExporterOtlpEndpoint: endpoint, otelSdkDisabled } = settings;
    if (endpoint === undefined || otelSdkDisabled === 'true') return;
    const [{ SpanExport: Export }, { Spans: On }] = await Promise.all([
      import('./span-export.js'),
      import('./spans.js'),
    ]);
    this.#export = new Export({ ...options, settings, endpoint, counts: this.counts });
    this.spans = new On(this.#export.tracer, options.redact);
  }

  /** Sends what waits to be sent, within the time: what a collector does not take by then is lost. */
  async close(): Promise<void> {
    this.spans = null;
    await this.#export?.close();
  }
}

export const tracing = new Tracing();
