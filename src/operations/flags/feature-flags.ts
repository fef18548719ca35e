import { Inject, Injectable } from '@nestjs/common';
import type { Unleash } from 'unleash-client';
import { type FlagsConfig, flagsConfig } from './flags.config.js';
import { Secrets } from '../config/secrets.js';
import { HealthChecks } from '../health/health-checks.js';
import { StartupPhases } from '../health/startup-phases.js';
import { Shutdown } from '../lifecycle/shutdown.js';
import { OutboundCalls } from '../outbound/outbound-calls.js';
import { BootstrapFlags } from './bootstrap-flags.js';
import { declaredFlags, type FlagContext, type FlagName, flagNames } from './declared-flags.js';
import type { FlagClients } from './open-flags.js';
import type { UnleashConnection } from './unleash-connection.js';

const STALE_AFTER_MS = 5 * 60_000;

/** The source of a flag's value: the server, the bootstrap file until the server has answered, or the declaration. */
export type FlagSource = 'server' | 'bootstrap' | 'default';

export interface FlagsState {
  /** Whether a server is configured. Without one nothing is ever stale. */
  readonly configured: boolean;
  readonly lastSuccess: Date | null;
  /** Never fetched, or not for 5 min. */
  readonly stale: boolean;
  readonly sources: Readonly<Record<FlagName, FlagSource>>;
}

/** The values of the flags, from memory. Before `open` they are the declared ones. */
@Injectable()
export class FeatureFlags {
  readonly #evaluations = new Map<string, { labels: { flag: FlagName; result: string }; value: number }>();

  readonly #isOpen: () => void;
  #opening: Promise<this> | undefined;
  #clients: FlagClients | null = null;

  constructor(
    @Inject(flagsConfig.KEY) private readonly config: FlagsConfig,
    private readonly bootstrap: BootstrapFlags,
    private readonly secrets: Secrets,
    private readonly outbound: OutboundCalls,
    private readonly shutdown: Shutdown,
    private readonly checks: HealthChecks,
    startup: StartupPhases,
  ) {
    this.#isOpen = startup.register('flags');
  }

  /** Await this before you read flags: it loads the library. It does not wait for the server. */
  open(): Promise<this> {
    return (this.#opening ??= this.#open());
  }

  /** How often each flag was evaluated, by result. */
  get evaluations() {
    return this.#evaluations.values();
  }

  /** Stale flags have their last known values. If that is not safe enough, check the state too. */
  isEnabled(flag: FlagName, context: FlagContext = {}): boolean {
    const value = declaredFlags[flag].default;
    const isEnabled = this.#client?.isEnabled(flag, unleashContext(context), value) ?? value;
    this.#count(flag, String(isEnabled));
    return isEnabled;
  }

  /** `at` is the present, for callers with their own clock. */
  state(at = new Date()): FlagsState {
    const isConfigured = this.config.unleashUrl !== undefined;
    const lastSuccess = this.#connection?.lastSuccess ?? null;
    const age = lastSuccess ? at.getTime() - lastSuccess.getTime() : Infinity;
    return {
      configured: isConfigured,
      lastSuccess,
      stale: isConfigured && age > STALE_AFTER_MS,
      sources: Object.fromEntries(flagNames.map((flag) => [flag, this.#sourceOf(flag)])) as Record<
        FlagName,
        FlagSource
      >,
    };
  }

  /** The declared flags, for people. */
  list() {
    return flagNames.map((flag) => this.#describe(flag));
  }

  async #open(): Promise<this> {
    const { config, bootstrap, secrets, outbound, shutdown } = this;
    const { openFlags } = await import('./open-flags.js');
    this.#clients = await openFlags({ config, bootstrap, secrets, outbound, shutdown });
    const { connection } = this.#clients;
    if (connection) {
      this.checks.register({ name: 'unleash', required: false, check: () => connection.assertHeard() });
    }
    this.#isOpen();
    return this;
  }

  get #connection(): UnleashConnection | null {
    return this.#clients?.connection ?? null;
  }

  get #client(): Unleash | undefined {
    return this.#connection?.informed ?? this.#clients?.bootstrap;
  }

  #describe(name: FlagName) {
    const { description, owner, default: value, whenUnknown } = declaredFlags[name];
    return {
      name,
      /** The value without a particular environment and service. */
      enabled: this.#client?.isEnabled(name, {}, value) ?? value,
      /** The value differs between environments or services. */
      constrained: this.#client?.getFeatureToggleDefinition(name)?.strategies?.some(isConstrained) ?? false,
      source: this.#sourceOf(name),
      default: value,
      description,
      owner,
      whenUnknown,
    };
  }

  #sourceOf(flag: FlagName): FlagSource {
    if (!this.#client?.getFeatureToggleDefinition(flag)) return 'default';
    return this.#client === this.#clients?.bootstrap ? 'bootstrap' : 'server';
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
