const ready = {
  name: 'ready',
  type: 'http',
  url: '{host.url}/readyz',
  intervalSeconds: 1,
  timeoutSeconds: 1,
  expect: [
    { field: 'status', op: 'eq', value: 200 },
    { field: 'durationMs', op: 'lt', value: 800 },
  ],
};

/** A bake of seconds, where a real one takes minutes; a rollback's is half of it. */
export const gate = {
  bakeSeconds: 10,
  identity: { url: '{host.url}/info', field: '/imageDigest', consecutive: 3, withinSeconds: 30 },
  checks: [ready],
};

/** A check that nobody dares to trust yet: every answer within a hundredth of a millisecond. */
export const triedGate = {
  ...gate,
  shadow: true,
  bakeSeconds: 5,
  checks: [{ ...ready, name: 'very-quick', expect: [{ field: 'durationMs', op: 'lt', value: 0.01 }] }],
};
