import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { FeatureFlags } from '../../../operations/flags/feature-flags.js';
import { type FreezeReason, FreezesReader, type FreezeSource, type FreezeSubject } from '../freezes.reader.js';

const FLAG = 'deploy-freeze';

/** The freeze by a switch in Unleash, for the environments and services that the flag is enabled for. */
@Injectable()
export class FreezeFlag implements FreezeSource, OnModuleInit {
  constructor(
    private readonly flags: FeatureFlags,
    private readonly freezes: FreezesReader,
  ) {}

  onModuleInit(): void {
    this.freezes.register(this);
  }

  /** What a stale flag said last is not known to hold, either way. */
  async judge(_handle: EntityManager, { environment, service }: FreezeSubject, at: Date) {
    if (this.flags.state(at).stale) return { known: false, reasons: [] };
    const isFrozen = this.flags.isEnabled(FLAG, { environment, service });
    return { known: true, reasons: isFrozen ? [reason] : [] };
  }
}

const reason: FreezeReason = { kind: 'flag', id: FLAG, reason: `the flag ${FLAG} is on`, until: null };
