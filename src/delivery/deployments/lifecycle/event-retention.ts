import { Injectable } from '@nestjs/common';
import { Retention } from '../../../platform/retention/retention.js';

// Events come in the order of their positions, so that only the oldest have to be looked at.
const DELETE_SOME = `
  delete from events where position in (
    select position from (select position, created_at from events order by position limit $2) oldest
    where created_at < $1)`;

@Injectable()
export class EventRetention {
  constructor(retention: Retention) {
    retention.keep('events', ({ eventsDays }) => eventsDays, DELETE_SOME);
  }
}
