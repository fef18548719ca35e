import rules from '../../ops/lint/dependency-cruiser.cjs';
import { plantTree, printedBy } from './planted-tree.js';

interface Cruise {
  modules: { source: string }[];
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
}

const importing = (path: string) => `import '${path}';\n`;
const nothing = 'export {};\n';

/** One import that each rule forbids: `[from, to]`, both under src. */
const violations: Record<string, [from: string, to: string]> = {
  'no-cycles': ['platform/http/chicken.ts', 'platform/http/egg.ts'],
  'operations-knows-nothing-outside': ['operations/health/nosy.ts', 'platform/clock.ts'],
  'platform-knows-no-delivery': ['platform/database/nosy.ts', 'delivery/catalog/catalog.reader.ts'],
  'cli-knows-no-server': ['cli/nosy.ts', 'platform/clock.ts'],
  'client-stands-alone': ['client/nosy.ts', 'cli/nosy-too.ts'],
  'only-root-composes': ['delivery/catalog/composer.ts', 'app.module.ts'],
  'features-meet-at-their-face': ['delivery/deployments/intimate.ts', 'delivery/catalog/catalog.service.ts'],
  'catalog-looks-only-upstream': ['delivery/catalog/ahead.ts', 'delivery/releases/releases.reader.ts'],
  'releases-looks-only-upstream': ['delivery/releases/ahead.ts', 'delivery/deployments/deployments.reader.ts'],
  'incidents-looks-only-upstream': ['delivery/incidents/ahead.ts', 'delivery/gates/gates.reader.ts'],
  'gates-looks-only-upstream': ['delivery/gates/ahead.ts', 'delivery/deployments/deployments.events.ts'],
  'freezes-looks-only-upstream': ['delivery/freezes/ahead.ts', 'delivery/deployments/deployments.reader.ts'],
  'deployments-looks-only-upstream': ['delivery/deployments/ahead.ts', 'delivery/dora/dora.reader.ts'],
  'imports-looks-only-upstream': ['delivery/imports/ahead.ts', 'delivery/events/events.reader.ts'],
  'events-looks-only-upstream': ['delivery/events/ahead.ts', 'delivery/dora/dora.reader.ts'],
  'dora-looks-only-upstream': ['delivery/dora/ahead.ts', 'delivery/board/board.reader.ts'],
  'gates/plan-looks-only-upstream': ['delivery/gates/plan/ahead.ts', 'delivery/gates/verdict/verdict.model.ts'],
  'gates/verdict-looks-only-upstream': ['delivery/gates/verdict/ahead.ts', 'delivery/gates/checks/http-check.ts'],
  'gates/checks-looks-only-upstream': ['delivery/gates/checks/ahead.ts', 'delivery/gates/store/gate-run-store.ts'],
  'gates/store-looks-only-upstream': ['delivery/gates/store/ahead.ts', 'delivery/gates/schedule/timetable.ts'],
  'gates/schedule-looks-only-upstream': ['delivery/gates/schedule/ahead.ts', 'delivery/gates/engine/gate-engine.ts'],
  'incidents/record-looks-only-upstream': [
    'delivery/incidents/record/ahead.ts',
    'delivery/incidents/alertmanager/webhook-intake.ts',
  ],
  'incidents/alertmanager-looks-only-upstream': [
    'delivery/incidents/alertmanager/ahead.ts',
    'delivery/incidents/imports/incident-imports.events.ts',
  ],
  'deployments/slots-looks-only-upstream': [
    'delivery/deployments/slots/ahead.ts',
    'delivery/deployments/lifecycle/deployment-lifecycle.ts',
  ],
  'deployments/lifecycle-looks-only-upstream': [
    'delivery/deployments/lifecycle/ahead.ts',
    'delivery/deployments/admission/deployment-admission.ts',
  ],
  'deployments/admission-looks-only-upstream': [
    'delivery/deployments/admission/ahead.ts',
    'delivery/deployments/rollbacks/rollbacks.ts',
  ],
  'deployments/rollbacks-looks-only-upstream': [
    'delivery/deployments/rollbacks/ahead.ts',
    'delivery/deployments/verdicts/verdicts.ts',
  ],
  'deployments/verdicts-looks-only-upstream': [
    'delivery/deployments/verdicts/ahead.ts',
    'delivery/deployments/imports/deployment-imports.events.ts',
  ],
  'parts-know-nothing-above-them': [
    'delivery/deployments/slots/above.ts',
    'delivery/deployments/deployments.service.ts',
  ],
  'every-folder-has-its-place-in-the-order': [
    'delivery/deployments/elsewhere/stray.ts',
    'delivery/deployments/deployment.model.ts',
  ],
  'models-are-pure': ['delivery/catalog/slot.model.ts', 'platform/pure.ts'],
  'src-never-imports-test': ['platform/tested.ts', '../test/support/fixtures.ts'],
  'readers-do-not-write': ['delivery/releases/releases.reader.ts', 'delivery/releases/releases.service.ts'],
};

const allowed: Record<string, [from: string, to: string]> = {
  'the command use the client': ['cli/polite.ts', 'client/plimsoll-client.ts'],
  'a feature look upstream, at a face': ['delivery/deployments/polite.ts', 'delivery/catalog/catalog.reader.ts'],
  'a part look upstream': ['delivery/deployments/lifecycle/polite.ts', 'delivery/deployments/slots/slot-ledger.ts'],
  'a part look at what its feature is made of': [
    'delivery/deployments/slots/polite.ts',
    'delivery/deployments/deployment.model.ts',
  ],
};

const relative = (from: string, to: string) => `${'../'.repeat(from.split('/').length - 1) || './'}${to}`;
const asJs = (path: string) => path.replace(/\.ts$/, '.js');

function plantedFiles(): Record<string, string> {
  const pairs = [...Object.values(violations), ...Object.values(allowed)];
  const targets = pairs.map(([, to]) => [`src/${to}`, nothing]);
  const sources = pairs.map(([from, to]) => [`src/${from}`, importing(asJs(relative(from, to)))]);
  const backwards = ['src/platform/http/egg.ts', importing('./chicken.js')];
  return Object.fromEntries([...targets, ...sources, backwards]);
}

describe('the directions of imports', () => {
  let cruise: Cruise;

  beforeAll(async () => {
    const { folder, remove } = await plantTree(plantedFiles());
    const args = ['src', '--config', 'ops/lint/dependency-cruiser.cjs', '--output-type', 'json'];
    cruise = JSON.parse(await printedBy(folder, 'depcruise', ...args));
    await remove();
  });

  const reported = (from: string) =>
    cruise.summary.violations.filter((violation) => violation.from === `src/${from}`).map(({ rule }) => rule.name);

  it('are read at all: the checker sees the planted modules', () => {
    const seen = cruise.modules.map(({ source }) => source);
    expect(seen).toEqual(expect.arrayContaining(Object.values(violations).map(([from]) => `src/${from}`)));
  });

  it.each(Object.entries(violations))('reports a violation of %s', (rule, [from]) => {
    expect(reported(from)).toContain(rule);
  });

  it.each(Object.entries(allowed))('lets %s', (_what, [from]) => {
    expect(reported(from)).toEqual([]);
  });

  it('have a planted violation for every rule', () => {
    const names = rules.forbidden.map(({ name }: { name: string }) => name);
    expect(Object.keys(violations).toSorted()).toEqual(names.toSorted());
  });
});
