import type { Settings } from '../config/settings.js';
import type { SpanExport, SpanExportOptions, SpanOutcome } from './span-export.js';
import type { Spans } from './spans.js';

/**
 * The tracing of this process. There is one for each process, like its context: all code that uses `@opentelemetry/api`
 * takes part. While tracing is off, `spans` is null, and no module of OpenTelemetry is loaded for it.
 */
class Tracing {
  spans: Spans | null = null;
  readonly counts: Record<SpanOutcome, number> = { exported: 0, failed: 0, dropped: 0 };
  #export: SpanExport | null = null;

  /** Loads OpenTelemetry if a collector is configured. Call this once, before anything is served. */
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

  /** Sends the waiting spans within the time. Spans that the collector does not accept by then are lost. */
  async close(): Promise<void> {
    this.spans = null;
    await this.#export?.close();
  }
}

export const tracing = new Tracing();
