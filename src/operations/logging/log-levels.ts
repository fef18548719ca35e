export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogThreshold = LogLevel | 'silent';

const ranks: Readonly<Record<LogThreshold, number>> = {
  trace: 0,
  debug: 1,
  info: 2,
  warn: 3,
  error: 4,
  fatal: 5,
  silent: 6,
};

/** Nest logs every module and route at the start, which is useful only when something is wrong. */
const frameworkContexts = ['InstanceLoader', 'NestApplication', 'NestFactory', 'RouterExplorer', 'RoutesResolver'];

/** A limit, in case contexts are generated at run time. */
const MOST_CONTEXTS = 500;

interface Override {
  level: LogThreshold;
  expiresAt: number;
  timer: NodeJS.Timeout;
}

export interface LoggerState {
  context: string;
  level: LogThreshold;
  /** Milliseconds since the epoch; null if the level is not overridden. */
  overriddenUntil: number | null;
}

/** The log level of each context. `root` is the level of every context without its own. */
export class LogLevels {
  #configured: ReadonlyMap<string, LogThreshold>;
  readonly #overrides = new Map<string, Override>();
  readonly #contexts: Set<string>;
  /** A cache of levels by context since the last change, because every line needs one. */
  readonly #ranks = new Map<string, number>();

  constructor(
    root: LogThreshold,
    private readonly onLeastLevel: (level: LogThreshold) => void = () => undefined,
  ) {
    this.#configured = configured(root);
    this.#contexts = new Set(this.#configured.keys());
  }

  /** Changes the level of `root`, unless it is overridden. */
  configure(root: LogThreshold): void {
    this.#configured = configured(root);
    this.#changed();
  }

  /** Called for every line. A context becomes known when it logs. */
  allows(level: LogLevel, context = 'root'): boolean {
    return ranks[level] >= (this.#ranks.get(context) ?? this.#learnRank(context));
  }

  levelOf(context: string): LogThreshold {
    return this.#own(context) ?? this.#own('root') ?? 'info';
  }

  has(context: string): boolean {
    return this.#contexts.has(context);
  }

  list(): LoggerState[] {
    return [...this.#contexts].sort().map((context) => this.stateOf(context));
  }

  stateOf(context: string): LoggerState {
    const overriddenUntil = this.#overrides.get(context)?.expiresAt ?? null;
    return { context, level: this.levelOf(context), overriddenUntil };
  }

  get overrides(): number {
    return this.#overrides.size;
  }

  /** The change ends by itself after its time. */
  override(context: string, level: LogThreshold, forMs: number): void {
    this.revert(context);
    const timer = setTimeout(() => this.revert(context), forMs).unref();
    this.#overrides.set(context, { level, expiresAt: Date.now() + forMs, timer });
    this.#changed();
  }

  revert(context: string): void {
    clearTimeout(this.#overrides.get(context)?.timer);
    this.#overrides.delete(context);
    this.#changed();
  }

  /** No context logs lines below this level. */
  least(): LogThreshold {
    const levels = [...this.#configured.keys(), ...this.#overrides.keys()].map((context) => this.levelOf(context));
    return levels.reduce((least, level) => (ranks[level] < ranks[least] ? level : least));
  }

  #learnRank(context: string): number {
    const rank = ranks[this.levelOf(context)];
    if (this.#contexts.size < MOST_CONTEXTS) this.#contexts.add(context);
    if (this.#contexts.has(context)) this.#ranks.set(context, rank);
    return rank;
  }

  #changed(): void {
    this.#ranks.clear();
    this.onLeastLevel(this.least());
  }

  #own(context: string): LogThreshold | undefined {
    return this.#overrides.get(context)?.level ?? this.#configured.get(context);
  }
}

function configured(root: LogThreshold): ReadonlyMap<string, LogThreshold> {
  const quiet = ranks[root] > ranks['debug'] ? moreSilent(root, 'warn') : root;
  return new Map([['root', root], ...frameworkContexts.map((context) => [context, quiet] as const)]);
}

function moreSilent(a: LogThreshold, b: LogThreshold): LogThreshold {
  return ranks[a] > ranks[b] ? a : b;
}
