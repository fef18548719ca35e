import { STATUS_CODES } from 'node:http';
import type { OpsAnswer } from './ops-routes.js';

export function ok(body: unknown): OpsAnswer {
  return { status: 200, body };
}

/** An error as the API gives them too: problem details (RFC 9457). */
export function problem(status: number, detail: string, headers: Record<string, string> = {}): OpsAnswer {
  const body = { type: 'about:blank', title: STATUS_CODES[status], status, detail };
  return { status, body, contentType: 'application/problem+json', headers };
}

/** An answer as it goes over the wire. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export function toWire({ status, body, contentType = 'application/json', headers }: OpsAnswer): WireAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  return {
    status,
    headers: { 'Cache-Control': 'no-store', 'Content-Type': contentType, 'Content-Length': length, ...headers },
    body: text,
  };
}
