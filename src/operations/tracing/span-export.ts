import { randomUUID } from 'node:crypto';
import {
  context,
  createNoopMeter,
  type Meter,
  type MeterProvider,
  propagation,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TracerProvider,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { Settings } from '../config/settings.js';
import type { OutboundLog } from '../outbound/circuit-breaker.js';
import { RequestContextManager } from './request-context-manager.js';

/** A span has 1 to 2 KB, so the spans that wait for a silent collector take a few megabytes at most. */
const MOST_QUEUED = 2048;
const MOST_IN_A_BATCH = 512;
/** No span of ours has such long values, or so many. */
const SPAN_LIMITS = { attributeValueLengthLimit: 2048, attributeCountLimit: 32, eventCountLimit: 8, linkCountLimit: 8 };
const FLUSH_WITHIN_MS = 1000;
/** A collector that did not answer the last time gets less time: a single retry takes a second. */
const FLUSH_TO_SILENT_WITHIN_MS = 100;

/** The outcome of recorded spans. */
export type SpanOutcome = 'exported' | 'failed' | 'dropped';

export interface SpanExportOptions {
  readonly settings: Settings;
  readonly endpoint: string;
  readonly version: string;
  readonly headers: () => Readonly<Record<string, string>> | undefined;
  readonly counts: Record<SpanOutcome, number>;
  /** Removes the secrets from recorded data. */
  readonly redact: (text: string) => string;
  readonly logger: OutboundLog;
}

/**
 * Sends spans to a collector in the background, in batches. The queue is bounded: a collector that does not answer
 * delays nothing, and spans that it does not accept are dropped and counted. Logs once that it does not answer, and
 * once that it answers again.
 */
export class SpanExport {
  readonly tracer: Tracer;
  readonly #provider: TracerProvider;
  #isSilent = false;

  constructor(private readonly options: SpanExportOptions) {
    const { settings, version } = options;
    const processor = new BatchSpanProcessor({
      exporter: this.#observed(exporterFor(options)),
      maxQueueSize: MOST_QUEUED,
      maxExportBatchSize: MOST_IN_A_BATCH,
      scheduledDelayMillis: settings.otelBspScheduleDelay,
      selfObsMeterProvider: this.#meterOfDrops(),
    });
    this.#provider = new TracerProvider({
      resource: resourceOf(settings, version),
      sampler: new ParentBasedSampler({ root: rootSampler(settings) }),
      spanLimits: SPAN_LIMITS,
      spanProcessors: [processor],
    });
    trace.setGlobalTracerProvider(this.#provider);
    context.setGlobalContextManager(new RequestContextManager());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    this.tracer = this.#provider.getTracer('plimsoll', version);
  }

  async close(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, this.#isSilent ? FLUSH_TO_SILENT_WITHIN_MS : FLUSH_WITHIN_MS);
    await Promise.race([this.#provider.shutdown().catch(() => undefined), late.promise]);
    clearTimeout(timer);
  }

  #observed(exporter: SpanExporter): SpanExporter {
    const observe = (spans: ReadableSpan[], { code, error }: ExportResult): void => {
      const hasFailed = code !== ExportResultCode.SUCCESS;
      this.options.counts[hasFailed ? 'failed' : 'exported'] += spans.length;
      if (hasFailed !== this.#isSilent) this.#tell(hasFailed, error);
      this.#isSilent = hasFailed;
    };
    return {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          observe(spans, result);
          done(result);
        }),
      shutdown: () => exporter.shutdown(),
    };
  }

  /** Only the code, because the collector's message may repeat the data. */
  #tell(hasFailed: boolean, error: (Error & { code?: unknown }) | undefined): void {
    const { logger } = this.options;
    if (!hasFailed) return logger.info({ context: 'Tracing' }, 'spans are exported again');
    const why = error?.code ?? error?.name;
    logger.warn({ context: 'Tracing', why }, 'spans cannot be exported; what the collector does not take is dropped');
  }

  /** This is the only way to learn from the processor how many spans found the queue full. */
  #meterOfDrops(): MeterProvider {
    const meter = Object.create(createNoopMeter()) as Meter;
    meter.createCounter = () => ({
      add: (count, attributes) => {
        if (attributes?.['error.type'] === 'queue_full') this.options.counts.dropped += count;
      },
    });
    return { getMeter: () => meter };
  }
}

function exporterFor({ settings, endpoint, headers }: SpanExportOptions): SpanExporter {
  return new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    // Called for every batch, so that a secret can change while the process runs.
    headers: async () => ({ ...headers() }),
    timeoutMillis: settings.otelExporterOtlpTimeout,
    concurrencyLimit: 4,
  });
}

function rootSampler({ otelTracesSampler, otelTracesSamplerArg }: Settings): Sampler {
  if (otelTracesSampler === 'parentbased_always_off') return new AlwaysOffSampler();
  if (otelTracesSampler === 'parentbased_always_on') return new AlwaysOnSampler();
  return new TraceIdRatioBasedSampler(otelTracesSamplerArg);
}

function resourceOf({ appEnv, otelServiceName, otelResourceAttributes }: Settings, version: string) {
  return defaultResource().merge(
    resourceFromAttributes({
      'service.version': version,
      'service.instance.id': randomUUID(),
      'deployment.environment.name': appEnv,
      ...otelResourceAttributes,
      'service.name': otelServiceName,
    }),
  );
}
