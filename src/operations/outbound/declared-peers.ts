/** When a peer is left alone, and when it is tried again. */
export interface CircuitLimits {
  /** So many failures in a row open the circuit. */
  readonly opensAfter: number;
  /** For so long nobody calls; then one call is let through, whose outcome decides. */
  readonly triesAgainAfterMs: number;
}

interface PeerDeclaration {
  readonly description: string;
  /** Null where the state of the circuit is not ours to keep: nothing is ever held back. */
  readonly circuit: CircuitLimits | null;
}

/** Everybody that this process calls: the closed set of the label `peer`. */
export const declaredPeers = {
  unleash: { description: 'The server of the feature flags, which its own client polls.', circuit: null },
  prometheus: { description: 'Whom checks query.', circuit: { opensAfter: 5, triesAgainAfterMs: 3000 } },
  sentry: { description: 'Where errors are reported.', circuit: { opensAfter: 3, triesAgainAfterMs: 30_000 } },
  // A probe is the measurement: one that is held back would be evidence of nothing.
  probes: { description: 'The hosts that are probed.', circuit: null },
  // Each issuer has a cool-down of its own: one that is away must not keep the others from being asked.
  oidc: { description: 'The issuers whose tokens are taken.', circuit: null },
  redis: { description: 'The shared tier of the caches.', circuit: { opensAfter: 3, triesAgainAfterMs: 2000 } },
} as const satisfies Record<string, PeerDeclaration>;

export type PeerName = keyof typeof declaredPeers;

/** The peers that are left alone while they do not answer. */
export type BrokenPeerName = {
  [Name in PeerName]: (typeof declaredPeers)[Name]['circuit'] extends null ? never : Name;
}[PeerName];
