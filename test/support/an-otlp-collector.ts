import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'other';
  readonly isError: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** An OpenTelemetry collector on loopback: takes spans by OTLP over HTTP, in protobuf. */
export class FakeCollector {
  readonly spans: ReceivedSpan[] = [];
  /** What came, as it came. */
  readonly bodies: Buffer[] = [];
  readonly headers: Array<NodeJS.Dict<string | string[]>> = [];
  /** Answers this in place of taking them. */
  refusesWith: number | null = null;
  /** Takes connections and never answers. */
  hangs = false;
  private server: Server | null = null;
  private port = 0;

  static async start(): Promise<FakeCollector> {
    const collector = new FakeCollector();
    await collector.comeBack();
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get settings(): Record<string, string> {
    return { OTEL_EXPORTER_OTLP_ENDPOINT: this.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
  }

  async goAway(): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  }

  async comeBack(): Promise<void> {
    const server = createServer(async (request, response) => {
      const body = await buffer(request);
      if (this.hangs) return;
      this.headers.push(request.headers);
      this.bodies.push(body);
      const isTaken = this.refusesWith === null && request.url === '/v1/traces' && request.method === 'POST';
      if (isTaken) this.spans.push(...spansIn(body));
      response.writeHead(this.refusesWith ?? (isTaken ? 200 : 404), { 'content-type': 'application/x-protobuf' }).end();
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }
}

/** The fields of a message, by number: numbers, and what has a length as bytes. */
type Fields = ReadonlyMap<number, ReadonlyArray<bigint | Buffer>>;

/** Of the four wire types that are in use: a varint, eight bytes, bytes with a length, four bytes. */
function fieldsOf(message: Buffer): Fields {
  const fields = new Map<number, Array<bigint | Buffer>>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const bytes = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const key = Number(varint());
    const type = key & 7;
    const value = type === 0 ? varint() : bytes(type === 1 ? 8 : type === 5 ? 4 : Number(varint()));
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

const messagesAt = (fields: Fields, number: number) => (fields.get(number) ?? []).map((one) => fieldsOf(one as Buffer));
const bytesAt = (fields: Fields, number: number) => (fields.get(number)?.[0] ?? Buffer.alloc(0)) as Buffer;

/** opentelemetry/proto/trace/v1/trace.proto: resource spans, scope spans, spans. */
function spansIn(body: Buffer): ReceivedSpan[] {
  return messagesAt(fieldsOf(body), 1).flatMap((ofResource) => {
    const resource = attributesAt(messagesAt(ofResource, 1)[0]!, 1);
    const spans = messagesAt(ofResource, 2).flatMap((ofScope) => messagesAt(ofScope, 2));
    return spans.map((span) => spanOf(span, resource));
  });
}

const kinds = ['other', 'internal', 'server', 'client'] as const;

function spanOf(span: Fields, resource: ReceivedSpan['resource']): ReceivedSpan {
  const [status] = messagesAt(span, 15);
  return {
    traceId: bytesAt(span, 1).toString('hex'),
    spanId: bytesAt(span, 2).toString('hex'),
    traceState: bytesAt(span, 3).toString(),
    parentSpanId: bytesAt(span, 4).toString('hex'),
    name: bytesAt(span, 5).toString(),
    kind: kinds[Number(span.get(6)?.[0] ?? 0)] ?? 'other',
    isError: status?.get(3)?.[0] === 2n,
    attributes: attributesAt(span, 9),
    resource,
  };
}

function attributesAt(fields: Fields, number: number): Record<string, unknown> {
  return Object.fromEntries(
    messagesAt(fields, number).map((pair) => [bytesAt(pair, 1).toString(), valueOf(messagesAt(pair, 2)[0]!)]),
  );
}

/** A string, a boolean, a whole number or a double. */
function valueOf(value: Fields): unknown {
  const [[number, [first]]] = [...value] as unknown as [[number, [bigint | Buffer]]];
  if (number === 1) return String(first);
  if (number === 2) return first === 1n;
  return number === 3 ? Number(first) : (first as Buffer).readDoubleLE();
}
