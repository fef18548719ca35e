import type { Words } from '../../platform/http/openapi/documented-words.js';

/** Freezes. */
export const freezesWords: Words = {
  frozen: ['Whether new deployments are kept from starting.', false],
  known: ['False while Unleash is configured and was not heard for 5 minutes.', true],
  nextOpen: ['The first instant at which no window holds; null for none, within 90 days, or with a flag.', null],
  'Freeze.reasons': ['What freezes, if anything does.', []],
  'Freeze.reasons.kind': ['What freezes: a window, a weekly window, or the flag.', 'weekly'],
  'Freeze.reasons.reason': ['Why, in the words of whoever planned it.', 'Nobody is here on Friday night.'],
  until: ['When it ends; null for a flag.', '2026-03-06T22:59:00.000Z'],
  'CreateFreeze.from': ['The first instant of it; now unless given.', '2026-12-23T17:00:00.000Z'],
  'CreateFreeze.to': ['The first instant at which it is over.', '2027-01-02T08:00:00.000Z'],
  'CreateFreeze.reason': ['Why, for whoever is refused.', 'The holidays.'],
  'CreateFreeze.environment': ['Null for all environments.', 'production'],
  'CreateFreeze.service': ['Null for all services.', null],
  'PlannedFreeze.environment': ['Null for all environments.', 'production'],
  'PlannedFreeze.service': ['Null for all services.', null],
  'PlannedFreeze.from': ['The first instant of it; null of a weekly one.', '2026-12-23T17:00:00.000Z'],
  'PlannedFreeze.to': ['The first instant at which it is over; null of a weekly one.', '2027-01-02T08:00:00.000Z'],
  'PlannedFreeze.reason': ['Why, for whoever is refused.', 'The holidays.'],
  weekly: ['The same hours every week; null for a window.', null],
  days: ['On which days it begins.', ['fri']],
  'WeeklyWindow.from': ['When it begins, by the clock on the wall.', '16:00'],
  'WeeklyWindow.to': ['Exclusive. At or before `from` it means the next day.', '23:59'],
  timeZone: ['Whose clock it is.', 'Europe/Berlin'],
  occurrences: [
    'Only in a list with `from` and `to`: whole ones, those included that begin before the range.',
    [{ from: '2026-12-23T17:00:00.000Z', to: '2027-01-02T08:00:00.000Z' }],
  ],
  CreateFreeze: [
    'A time in which no deployment starts: a window, or the same hours every week.',
    {
      environment: 'production',
      from: '2026-12-23T17:00:00.000Z',
      to: '2027-01-02T08:00:00.000Z',
      reason: 'The holidays.',
    },
  ],
};
