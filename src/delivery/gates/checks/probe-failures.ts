import { ProbeError } from '../../../platform/probes/probe-error.js';

/** The target did not answer, which counts against it. The message says why and may be shown. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
}

/** Why a connection to an address failed; `code` is Node's. */
export interface ConnectionFault {
  readonly family: number;
  readonly message: string;
  readonly code?: string | undefined;
}

/** Faults of this machine or process: no descriptors, memory, ports, permission, or network. */
const OWN_CODES: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'EAFNOSUPPORT',
  'ENETDOWN',
  'ENETUNREACH',
]);

/** For IPv6 these codes mean that this machine has no IPv6. Then the other addresses of the name decide. */
const NO_IPV6_CODES: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH']);

/** If Plimsoll was stalled this long, the host may have closed the connection for that reason alone. */
const STOOD_STILL_MS = 100;

/**
 * Who is at fault if all addresses of a target failed: the target, or Plimsoll. `lostMs` is how long Plimsoll was
 * stalled, so that the host may have waited in vain. Then the target is not at fault either, unless it refused the
 * connection.
 */
export function verdictOn(faults: readonly ConnectionFault[], lostMs: number): ProbeFailure | ProbeError {
  const applicable = faults.filter(({ family, code }) => family !== 6 || !NO_IPV6_CODES.has(code ?? ''));
  const told = (applicable.length > 0 ? applicable : faults).map(wordsOf).join('; ');
  if (applicable.length === 0 || applicable.some(({ code }) => OWN_CODES.has(code ?? ''))) {
    return new ProbeError(`Plimsoll could not connect: ${told}`);
  }
  const isRefused = applicable.every(({ code }) => code === 'ECONNREFUSED');
  return isRefused || lostMs < STOOD_STILL_MS ? new ProbeFailure(told) : stoodStill(lostMs, told);
}

export function stoodStill(lostMs: number, told: string): ProbeError {
  return new ProbeError(`${told}; but Plimsoll itself stood still for ${Math.round(lostMs)} ms of it`);
}

function wordsOf({ message, code }: ConnectionFault): string {
  return message || code || 'the connection failed';
}
