import { ProbeError } from '../../../platform/probes/probe-error.js';

/** No answer, which speaks against the target: the message says what went wrong, and can be shown. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
}

/** Why a connection to an address came to nothing; `code` is Node's. */
export interface ConnectionFault {
  readonly family: number;
  readonly message: string;
  readonly code?: string | undefined;
}

/** This machine or this process could not: no descriptors, memory, ports, permission, or network of its own. */
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

/** What they say of IPv6 is that there is none here. Then the other addresses of the name decide. */
const NO_IPV6_CODES: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH']);

/** So long can no host be left alone without a reason of its own to hang up. */
const STOOD_STILL_MS = 100;

/**
 * Whom the faults of all addresses of a target speak against: the target, or Plimsoll. `lostMs` is how long Plimsoll
 * stood still meanwhile, in which a host may have waited in vain: that accuses nobody either, unless it refused.
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
