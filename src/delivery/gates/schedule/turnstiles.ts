import { Injectable } from '@nestjs/common';
import { CheckTypes } from '../checks/check-types.js';
import { Turnstile } from './turnstile.js';

/** Each takes a socket. The second limit keeps one gate with slow targets from taking all of them. */
const MEASURED_AT_ONCE = 4096;
const MEASURED_AT_ONCE_OF_A_RUN = 256;

/**
 * The limits for the measurements of an instance, for gates and dry runs. A type with its own limit delays no other
 * type.
 */
@Injectable()
export class Turnstiles {
  private readonly shared = new Turnstile(MEASURED_AT_ONCE, MEASURED_AT_ONCE_OF_A_RUN);
  private readonly byType = new Map<string, Turnstile>();

  constructor(private readonly types: CheckTypes) {}

  of(type: string): Turnstile {
    const atOnce = this.types.find(type)?.atOnce;
    if (!atOnce) return this.shared;
    const own = this.byType.get(type) ?? new Turnstile(atOnce.all, atOnce.ofRun);
    this.byType.set(type, own);
    return own;
  }
}
