import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { IncomingHttpHeaders } from 'node:http';
import { ClientSpan, OpenSpan, RequestSpan, type TraceIds } from './open-spans.js';
import { statementText } from './statement-text.js';

/** A statement, described by its operation and table. */
interface StatementLabels {
  readonly operation: string;
  readonly entity: string;
}

/**
 * The spans of this process, while tracing is on. Recorded values come from closed sets, or are cut and cleaned: no
 * header, no query string, no parameter of a statement, no text of an error.
 */
export class Spans {
  constructor(
    private readonly tracer: Tracer,
    private readonly redact: (text: string) => string,
  ) {}

  /** The ids of the active span, recorded or not. */
  ids(): TraceIds | undefined {
    const span = trace.getActiveSpan();
    return span && idsOf(span);
  }

  /** An incoming request. Its `traceparent` decides whether it is recorded. */
  request(name: string, headers: IncomingHttpHeaders): RequestSpan {
    const parent = headers['traceparent'] === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, headers);
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER }, parent);
    return new RequestSpan(span, idsOf(span), trace.setSpan(parent, span), this.redact);
  }

  /** A statement, until it is done. Only within a recorded span, because alone a statement says too little. */
  statement(labels: StatementLabels, text: string, done: Promise<unknown>): void {
    this.#part(`${labels.operation} ${labels.entity}`, done, () => ({
      'db.system.name': 'postgresql',
      'db.operation.name': labels.operation,
      'db.collection.name': labels.entity,
      'db.query.text': statementText(text),
    }));
  }

  /** A command of the shared tier, until it is answered or given up. Only within a recorded span. */
  command(name: string, done: Promise<unknown>): void {
    this.#part(name, done, () => ({ 'db.system.name': 'redis', 'db.operation.name': name }));
  }

  #part(name: string, done: Promise<unknown>, attributes: () => Attributes): void {
    const parent = trace.getActiveSpan();
    if (!parent || !isSampled(parent)) return;
    const span = new OpenSpan(this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: attributes() }));
    done.then(
      () => span.end(),
      (error: unknown) => span.failWith(error),
    );
  }

  /** A call to a peer: in the active span, or in a trace of its own. */
  call(peer: string, method: string, url: URL | string): ClientSpan {
    const span = this.tracer.startSpan(method, { kind: SpanKind.CLIENT });
    const headers: Record<string, string> = {};
    propagation.inject(trace.setSpan(context.active(), span), headers);
    if (span.isRecording()) span.setAttributes(callAttributes(peer, method, new URL(url)));
    return new ClientSpan(span, headers, isSampled(span));
  }

  /** Work without a request: a separate trace, in which all of its work is recorded. */
  async root<Result>(name: string, attributes: Attributes, work: (span: OpenSpan) => Promise<Result>): Promise<Result> {
    const span = this.tracer.startSpan(name, { attributes }, ROOT_CONTEXT);
    const open = new OpenSpan(span);
    try {
      return await context.with(rootOf(span), work, undefined, open);
    } catch (error) {
      open.fail(error);
      throw error;
    } finally {
      open.end();
    }
  }
}

function rootOf(span: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, span);
}

function idsOf(span: Span): TraceIds {
  const { traceId, spanId } = span.spanContext();
  return { trace_id: traceId, span_id: spanId };
}

function isSampled(span: Span): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** The URL without user, password and query. */
function callAttributes(peer: string, method: string, url: URL): Attributes {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return {
    'peer.service': peer,
    'http.request.method': method,
    'server.address': url.hostname,
    'server.port': port,
    'url.full': `${url.protocol}//${url.host}${url.pathname}`,
  };
}
