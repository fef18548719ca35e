import { join } from 'node:path';
import { root } from './planted-tree.js';

interface Runbook {
  text: string;
}

interface Monitoring {
  rules: { alert?: string; record?: string; expr: string }[];
  tests: { alertname: string; exp_alerts?: object[] }[];
  runbooks: Map<string, Runbook>;
  drilled: Map<string, string>;
  queries: { where: string; expr: string }[];
  metrics: Set<string>;
  map: string;
  texts: Map<string, string>;
}

interface Modules {
  monitoringFaults(monitoring: Monitoring): string[];
  parseRunbook(text: string): Runbook;
  metricsIn(expression: string): string[];
  queriesOf(file: string, dashboard: object): object[];
  metricsOf(page: string): Set<string>;
}

// By path: ops has a TypeScript configuration of its own.
const load = (name: string) => import(join(root, 'ops', name)) as Promise<Modules>;
const { monitoringFaults } = await load('checks/monitoring.ts');
const { metricsIn } = await load('checks/promql.ts');
const { queriesOf, metricsOf } = await load('checks/monitoring-files.ts');
const { parseRunbook } = await load('drills/runbook.ts');

const page = (title: string, mitigation = '```bash\ntrue\n```') =>
  `# ${title}\n\n## Meaning\n\nIt is hot.\n\n## Impact\n\n## Diagnosis\n\n## Mitigation\n\n${mitigation}\n\n## Last drilled\n\nNever.\n`;

/** One alert with all that belongs to it. */
const whole = (): Monitoring => ({
  rules: [
    { record: 'warmth:mean5m', expr: 'avg(room_celsius)' },
    { alert: 'TooHot', expr: 'warmth:mean5m > 30' },
  ],
  tests: [{ alertname: 'TooHot', exp_alerts: [{}] }, { alertname: 'TooHot' }],
  runbooks: new Map([['TooHot', parseRunbook(page('TooHot'))]]),
  drilled: new Map([['TooHot', 'Never.']]),
  queries: [{ where: 'rooms.json, "Warmth"', expr: 'room_celsius' }],
  metrics: new Set(['room_celsius']),
  map: 'It is [hot](TooHot.md)',
  texts: new Map(),
});

const faultsWith = (plant: (all: Monitoring) => void): string[] => {
  const all = whole();
  plant(all);
  return monitoringFaults(all);
};

const fireAlways = (all: Monitoring) => {
  all.rules.splice(1, 1, { alert: 'TooHot', expr: 'vector(1)' });
  all.tests.pop();
};

describe('the check of alerts and what belongs to them', () => {
  it('finds nothing where all fits together', () => {
    expect(monitoringFaults(whole())).toEqual([]);
  });

  it('asks for no test in which an alert is silent that asks for no metric, and so always fires', () => {
    expect(faultsWith(fireAlways)).toEqual([]);
  });

  it.each<[string, (all: Monitoring) => void, string]>([
    ['an alert without runbook', (all) => all.runbooks.clear(), 'TooHot: no runbook'],
    [
      'a runbook without alert',
      (all) => all.runbooks.set('Old', parseRunbook(page('Old'))),
      'Old: a runbook without alert',
    ],
    ['an alert without drill', (all) => all.drilled.clear(), 'TooHot: no drill, and no sentence why not'],
    ['a drill without alert', (all) => all.drilled.set('Old', ''), 'Old: a drill without alert'],
    ['an alert that no test raises', (all) => all.tests.shift(), 'TooHot: no test in which it fires'],
    ['an alert that every test raises', (all) => all.tests.pop(), 'TooHot: no test in which it is silent'],
    ['an alert that the map lacks', (all) => (all.map = ''), 'TooHot: not on the map of docs/runbooks/README.md'],
    [
      'an alert on a metric that nothing emits',
      (all) => all.rules.push({ alert: 'TooHot', expr: 'room_kelvin > 303' }),
      'TooHot: asks for room_kelvin, which nothing in docs/reference/metrics.md emits',
    ],
    [
      'a recording rule on such a metric',
      (all) => all.rules.push({ record: 'warmth:max', expr: 'max(room_kelvin)' }),
      'warmth:max: asks for room_kelvin, which nothing in docs/reference/metrics.md emits',
    ],
    [
      'a panel on such a metric',
      (all) => all.queries.push({ where: 'rooms.json, "Cold"', expr: 'rate(room_kelvin[5m])' }),
      'rooms.json, "Cold": asks for room_kelvin, which nothing in docs/reference/metrics.md emits',
    ],
    [
      'a runbook of which a part is missing',
      (all) => all.runbooks.set('TooHot', parseRunbook(page('TooHot').replace('## Impact', ''))),
      'TooHot: its sections are Meaning, Diagnosis, Mitigation, Last drilled, not Meaning, Impact, Diagnosis, Mitigation, Last drilled',
    ],
    [
      'a runbook with commands that no drill executes',
      (all) => all.runbooks.set('TooHot', parseRunbook(page('TooHot', '```sh\ntrue\n```'))),
      'TooHot: a block that is not marked bash, so that no drill executes it',
    ],
    [
      'a runbook that does not show its last drill',
      (all) => all.drilled.set('TooHot', '2026-11-29'),
      'TooHot: "Last drilled" does not say what the report says: "2026-11-29"',
    ],
    ['what is left to do', (all) => all.texts.set('rules.yml', `# ${'TO'}DO: later`), `rules.yml: ${'TO'}DO`],
  ])('reports %s', (_what, plant, fault) => {
    expect(faultsWith(plant)).toEqual([fault]);
  });
});

describe('the metrics of an expression', () => {
  it.each([
    ['sum by (job, le) (rate(a_bucket{le="0.5", route!~"/b|c{2}"}[5m])) > 1e3', ['a_bucket']],
    ['a / on (instance) group_left (version) b unless ignoring (x) c == bool 1', ['a', 'b', 'c']],
    ['time() - max(last_over_time(a[14d])) > 26h', ['a']],
    ['histogram_quantile(0.95, sum(rate(a:b_bucket[$__rate_interval])) by (le)) offset 5m', ['a:b_bucket']],
    ['vector(1)', []],
    ['label_replace(a, "of", "$1", "b", "(.*)")', ['a']],
  ])('of %s are %j', (expression, names) => {
    expect(metricsIn(expression)).toEqual(names);
  });
});

const asks = (expr: string, type = 'prometheus') => ({ datasource: { type }, targets: [{ expr }] });

describe('what is joined', () => {
  it('are panels in rows too, and none that asks Loki', () => {
    const dashboard = {
      panels: [{ title: 'a row', panels: [{ title: 'a', ...asks('up') }] }, asks('{x="y"}', 'loki')],
    };
    expect(queriesOf('x.json', dashboard)).toEqual([{ where: 'x.json, "a"', expr: 'up' }]);
  });

  it('are the names of the page, histograms as they are scraped', () => {
    const rows = '| `a_total` | counter | – | A. |\n| `b` | histogram | `x` | B. |\n| `up` | prometheus | C. |';
    expect([...metricsOf(rows)]).toEqual(['a_total', 'b_bucket', 'b_sum', 'b_count', 'up']);
  });
});
