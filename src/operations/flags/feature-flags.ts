import type { Unleash } from 'unleash-client';
import { declaredFlags, type FlagContext, type FlagName, flagNames } from './declared-flags.js';
import type { UnleashConnection } from './unleash-connection.js';

const STALE_AFTER_MS = 5 * 60_000;

/** Where the value of a flag comes from: the server, the bootstrap file until it has answered, or the declaration. */
export type FlagSource = 'server' | 'bootstrap' | 'default';

export interface FlagsState {
  /** Whether there is a server to ask. Without one nothing is ever stale. */
  readonly configured: boolean;
  readonly lastSuccess: Date | null;
  /** Never fetched, or not for 5 min. */
  readonly stale: boolean;
  readonly sources: Readonly<Record<FlagName, FlagSource>>;
}

/** What the flags say. Answers from memory. */
export class FeatureFlags {
  readonly #evaluations = new Map<string, { labels: { flag: FlagName; result: string }; value: number }>();

  constructor(
    private readonly bootstrap: Unleash,
    private readonly connection: UnleashConnection | null,
  ) {}

  /** How often each flag was evaluated, by result. */
  get evaluations() {
    return this.#evaluations.values();
  }

  /** Stale flags are evaluated as they were last known; whoever must not rely on that asks for the state too. */
  isEnabled(flag: FlagName, context: FlagContext = {}): boolean {
    const isEnabled = this.#client.isEnabled(flag, unleashContext(context), declaredFlags[flag].default);
    this.#count(flag, String(isEnabled));
    return isEnabled;
  }

  /** `at` is the present, for whoever has a clock of its own. */
  state(at = new Date()): FlagsState {
    const { connection } = this;
    const lastSuccess = connection?.lastSuccess ?? null;
    const age = lastSuccess ? at.getTime() - lastSuccess.getTime() : Infinity;
    return {
      configured: connection !== null,
      lastSuccess,
      stale: connection !== null && age > STALE_AFTER_MS,
      sources: Object.fromEntries(flagNames.map((flag) => [flag, this.#sourceOf(flag)])) as Record<
        FlagName,
        FlagSource
      >,
    };
  }

  /** The declared flags as a person wants to see them. */
  list() {
    return flagNames.map((flag) => this.#describe(flag));
  }

  get #client(): Unleash {
    return this.connection?.informed ?? this.bootstrap;
  }

  #describe(name: FlagName) {
    const { description, owner, default: value, whenUnknown } = declaredFlags[name];
    return {
      name,
      /** Where no environment and no service in particular is asked for. */
      enabled: this.#client.isEnabled(name, {}, value),
      /** It is not the same everywhere. */
      constrained: this.#client.getFeatureToggleDefinition(name)?.strategies?.some(isConstrained) ?? false,
      source: this.#sourceOf(name),
      default: value,
      description,
      owner,
      whenUnknown,
    };
  }

  #sourceOf(flag: FlagName): FlagSource {
    if (!this.#client.getFeatureToggleDefinition(flag)) return 'default';
    return this.#client === this.bootstrap ? 'bootstrap' : 'server';
  }

  #count(flag: FlagName, result: string): void {
    const key = `${result} ${flag}`;
    const count = this.#evaluations.get(key) ?? { labels: { flag, result }, value: 0 };
    count.value += 1;
    this.#evaluations.set(key, count);
  }
}

function unleashContext({ environment, service }: FlagContext) {
  return { ...(environment !== undefined && { environment }), ...(typeof service === 'string' && { service }) };
}

function isConstrained({
  constraints = [],
  segments = [],
}: {
  constraints?: unknown[];
  segments?: unknown[];
}): boolean {
  return constraints.length > 0 || segments.length > 0;
}
