/** When the circuit of a peer opens, and when the peer is tried again. */
export interface CircuitLimits {
  /** The circuit opens after this many failures in a row. */
  readonly opensAfter: number;
  /** Nobody calls for this long. Then one call is let through, and its result decides. */
  readonly triesAgainAfterMs: number;
}

interface PeerDeclaration {
  readonly description: string;
  /** Null if we do not control the circuit: no call is held back. */
  readonly circuit: CircuitLimits | null;
}

/** All peers of this process: the closed set of the label `peer`. */
export const declaredPeers = {
  unleash: { description: 'The server of the feature flags, which its own client polls.', circuit: null },
  prometheus: { description: 'Whom checks query.', circuit: { opensAfter: 5, triesAgainAfterMs: 3000 } },
  sentry: { description: 'Where errors are reported.', circuit: { opensAfter: 3, triesAgainAfterMs: 30_000 } },
  // A probe is the measurement: holding it back would leave no evidence.
  probes: { description: 'The hosts that are probed.', circuit: null },
  // Each issuer has its own cool-down, because one that is away must not block the others.
  oidc: { description: 'The issuers whose tokens are taken.', circuit: null },
  redis: { description: 'The shared tier of the caches.', circuit: { opensAfter: 3, triesAgainAfterMs: 2000 } },
} as const satisfies Record<string, PeerDeclaration>;

export type PeerName = keyof typeof declaredPeers;

/** The peers with a circuit. */
export type BrokenPeerName = {
  [Name in PeerName]: (typeof declaredPeers)[Name]['circuit'] extends null ? never : Name;
}[PeerName];
