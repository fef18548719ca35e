import { type Attributes, type Context, type Span, SpanStatusCode } from '@opentelemetry/api';

const LONGEST_PATH = 512;
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The ids that lead from log lines and metrics to spans. The names are those of OpenTelemetry. */
export type TraceIds = Readonly<{ trace_id: string; span_id: string }>;

/** A running span, for the code whose work it covers. */
export class OpenSpan {
  constructor(protected readonly span: Span) {}

  set(attributes: Attributes): void {
    this.span.setAttributes(attributes);
  }

  /** Only the code or name of an error, because messages may contain data. */
  fail(error: unknown): void {
    this.span.setAttribute('error.type', typeof error === 'string' ? error : codeOf(error));
    this.span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(): void {
    this.span.end();
  }

  failWith(error: unknown): void {
    this.fail(error);
    this.end();
  }
}

/** A call to a peer, and its trace headers. */
export class ClientSpan extends OpenSpan {
  constructor(
    span: Span,
    readonly headers: Readonly<Record<string, string>>,
    readonly isRecorded: boolean,
  ) {
    super(span);
  }

  /** Ends with the answer, or with the error. */
  follow(answer: Promise<{ readonly status: number }>): void {
    answer.then(
      ({ status }) => this.endWith(status),
      (error: unknown) => this.failWith(error),
    );
  }

  /** For a client 4xx is a failure too. */
  endWith(status: number): void {
    this.set({ 'http.response.status_code': status });
    if (status >= 400) this.fail(String(status));
    this.end();
  }
}

/** The facts about a request at its end. */
export interface EndedRequest {
  readonly method: string;
  readonly path: string;
  readonly route: string;
  readonly protocolVersion: string;
  /** Null if the client went away before there was one. */
  readonly status: number | null;
  readonly isAborted: boolean;
}

/** A request that is being processed. */
export class RequestSpan extends OpenSpan {
  constructor(
    span: Span,
    readonly ids: TraceIds,
    /** Work inside this call belongs to the request. */
    readonly scope: Context,
    private readonly redact: (text: string) => string,
  ) {
    super(span);
  }

  /**
   * The exemplar of a measurement of this request. Missing if the span is not recorded, because it could not be found.
   */
  get exemplar(): TraceIds | undefined {
    return this.span.isRecording() ? this.ids : undefined;
  }

  endRequest({ method, path, route, protocolVersion, status, isAborted }: EndedRequest): void {
    if (this.span.isRecording()) {
      const known = methods.has(method) ? method : '_OTHER';
      this.set({
        'http.request.method': known,
        'http.route': route,
        'url.path': this.redact(path.slice(0, LONGEST_PATH)),
        'url.scheme': 'http',
        'network.protocol.version': protocolVersion,
        ...(status !== null && { 'http.response.status_code': status }),
      });
      if (isAborted) this.fail('client_went_away');
      else if (status !== null && status >= 500) this.fail(String(status));
    }
    this.end();
  }
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return (
    ([code, name].find((label) => typeof label === 'string' && /^\w{1,64}$/.test(label)) as string | undefined) ??
    '_OTHER'
  );
}
