import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type FreezeEntity, timesOf } from '../freeze.entity.js';
import { nextOpen, occurrenceAt } from '../freeze.model.js';
import {
  type FreezeAnswer,
  type FreezeReason,
  FreezesReader,
  type FreezeSource,
  type FreezeSubject,
} from '../freezes.reader.js';

/** The freezes that were planned: windows, and weekly ones. */
@Injectable()
export class FreezeCalendar implements FreezeSource, OnModuleInit {
  constructor(private readonly freezes: FreezesReader) {}

  onModuleInit(): void {
    this.freezes.register(this);
  }

  async judge(handle: EntityManager, subject: FreezeSubject, at: Date): Promise<FreezeAnswer> {
    const planned = await this.freezes.notOver(handle, subject, at);
    const reasons = planned.flatMap((freeze) => reasonAt(freeze, at));
    if (reasons.length === 0) return { known: true, reasons };
    const open = nextOpen(planned.map(timesOf), at.getTime());
    return { known: true, reasons, nextOpen: open === null ? null : new Date(open) };
  }
}

function reasonAt(freeze: FreezeEntity, at: Date): FreezeReason[] {
  const span = occurrenceAt(timesOf(freeze), at.getTime());
  if (!span) return [];
  const { id, reason, weekly } = freeze;
  return [{ kind: weekly ? 'weekly' : 'window', id, reason, until: new Date(span.to).toISOString() }];
}
