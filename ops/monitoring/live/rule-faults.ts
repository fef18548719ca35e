import { stringify } from 'yaml';
import { type Alert, isAlert, type Recording } from '../alert.ts';
import { ruleOf } from '../rule-files.ts';
import { secondsOf } from '../shorten.ts';
import type { PrometheusApi } from './prometheus-api.ts';
import { keepsLabel, type PromqlNode, type Selector, selectorsOf } from './promql.ts';

/** Of jobs that a young stack may not have run yet. Each with what writes it. */
const writtenElsewhere: Readonly<Record<string, string>> = {
  backup_last_success_timestamp_seconds: 'the backup job',
  backup_size_bytes: 'the backup job',
  restore_drill_last_success_timestamp_seconds: 'the restore drill',
};

/** What targets of hosts have beside their own: ops/prometheus/hosts/targets. */
const ofTargets = new Set(['host']);

const counting = new Set(['rate', 'irate', 'increase', 'resets']);
/** Where the value of a counter does not matter, or its change is the question. */
const valueless = new Set([
  ...counting,
  'absent',
  'absent_over_time',
  'changes',
  'count_over_time',
  'present_over_time',
]);

type Types = Readonly<Record<string, ReadonlyArray<{ type: string }>>>;

/** What a Prometheus knows that the rules rest on. */
export class RuleFaults {
  private readonly prometheus: PrometheusApi;
  private readonly types: Types;
  private readonly external: ReadonlySet<string>;
  private readonly recorded: ReadonlySet<string>;
  private readonly scrapeSeconds: number;
  readonly #labels = new Map<string, ReadonlySet<string>>();

  private constructor(
    prometheus: PrometheusApi,
    types: Types,
    external: ReadonlySet<string>,
    recorded: ReadonlySet<string>,
    scrapeSeconds: number,
  ) {
    this.prometheus = prometheus;
    this.types = types;
    this.external = external;
    this.recorded = recorded;
    this.scrapeSeconds = scrapeSeconds;
  }

  static async of(prometheus: PrometheusApi, rules: ReadonlyArray<Alert | Recording>): Promise<RuleFaults> {
    const [types] = await prometheus.getAll<Types>([['metadata', {}]]);
    const [status] = await prometheus.getAll<{ yaml: string }>([['status/config', {}]]);
    const { yaml } = status!;
    const recorded = new Set(rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record])));
    const interval = /scrape_interval: (\w+)/.exec(yaml)?.[1] ?? '15s';
    const external = /external_labels:\n((?: {4}.*\n)*)/.exec(yaml)?.[1] ?? '';
    const names = [...external.matchAll(/^ {4}(\w+):/gm)].map(([, name = '']) => name);
    return new RuleFaults(prometheus, types!, new Set(names), recorded, secondsOf(interval));
  }

  /** What is wrong with rules, each fault in one line. */
  async faultsOf(rules: ReadonlyArray<Alert | Recording>): Promise<string[]> {
    const asRead = rules.map((rule) => ruleOf(rule));
    const refusal = await this.prometheus.refusal(stringify({ groups: [{ name: 'checked', rules: asRead }] }));
    if (refusal !== null) return [`promtool refuses the rules: ${refusal.replaceAll(/\s+/g, ' ').trim()}`];
    const parsed = await this.prometheus.getAll<PromqlNode>(
      rules.map(({ expr }) => ['parse_query', { query: expr }] as const),
    );
    await this.learn(parsed.flatMap((node) => selectorsOf(node)));
    return rules.flatMap((rule, index) => this.faultsOfRule(rule, parsed[index]!));
  }

  private faultsOfRule(rule: Alert | Recording, parsed: PromqlNode): string[] {
    const selectors = selectorsOf(parsed);
    const found = selectors.flatMap((selector) => this.faultsOfSelector(selector));
    if (isAlert(rule)) found.push(...this.faultsOfAlert(rule, parsed, selectors));
    return [...new Set(found)].map((fault) => `${isAlert(rule) ? rule.name : rule.record}: ${fault}`);
  }

  /** The labels that each series had in the last hour; none if there was none. */
  private async learn(selectors: readonly Selector[]): Promise<void> {
    const names = [...new Set(selectors.map(({ name }) => name))];
    const start = String(Math.floor(Date.now() / 1000) - 3600);
    const labels = await this.prometheus.getAll<string[]>(
      names.map((name) => ['labels', { 'match[]': name, start }] as const),
    );
    for (const [index, name] of names.entries()) this.#labels.set(name, new Set(labels[index]));
  }

  private faultsOfSelector({ name, inside }: Selector): string[] {
    if (!this.isEmitted(name)) return [`nothing emits ${name}`];
    const type = this.typeOf(name);
    if (type === 'gauge' && inside !== null && counting.has(inside)) return [`${inside} of ${name}, which is a gauge`];
    if (type === 'counter' && !valueless.has(inside ?? '')) return [`${name} is a counter, and its rate is not taken`];
    return [];
  }

  private isEmitted(name: string): boolean {
    const isThere = (this.#labels.get(name)?.size ?? 0) > 0;
    return isThere || name in writtenElsewhere || this.recorded.has(name) || this.typeOf(name) !== null;
  }

  /** Of what a histogram consists of, counter. Null where Prometheus was told of no type, as of `up`. */
  private typeOf(name: string): string | null {
    const own = this.types[name]?.[0]?.type;
    if (own !== undefined) return own;
    const base = name.replace(/_(bucket|sum|count)$/, '');
    const type = this.types[base]?.[0]?.type;
    return type === 'histogram' || type === 'summary' ? 'counter' : null;
  }

  private faultsOfAlert(alert: Alert, parsed: PromqlNode, selectors: readonly Selector[]): string[] {
    const told = `${alert.summary} ${alert.description}`;
    const used = new Set([...told.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label));
    const given = Object.keys(alert.labels ?? {});
    const lost = [...used].filter(
      (label) =>
        !given.includes(label) &&
        !this.external.has(label) &&
        !keepsLabel(parsed, label, (series) => this.mayHave(series, label)),
    );
    const least = 2 * this.scrapeSeconds;
    const isQuick = selectors.length > 0 && secondsOf(alert.for) < least;
    return [
      ...lost.map((label) => `its text uses the label ${label}, which its expression does not keep`),
      ...(isQuick ? [`for: ${alert.for} is shorter than two scrapes, ${least}s`] : []),
    ];
  }

  /** Of a series that is not there now nobody knows. */
  private mayHave(series: string, label: string): boolean {
    const labels = this.#labels.get(series);
    return !labels || labels.size === 0 || labels.has(label) || ofTargets.has(label);
  }
}
