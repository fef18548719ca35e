const features = [
  'catalog',
  'releases',
  'incidents',
  'gates',
  'freezes',
  'deployments',
  'imports',
  'events',
  'dora',
  'board',
];

/** Folders of a feature that has outgrown one, upstream first. */
const parts = {
  events: ['sinks'],
  incidents: ['record', 'alertmanager', 'imports'],
  gates: ['plan', 'verdict', 'checks', 'store', 'schedule', 'engine'],
  freezes: ['sources'],
  deployments: ['slots', 'lifecycle', 'admission', 'rollbacks', 'verdicts', 'imports'],
};

/** One rule for each folder but the last: it imports nothing of those after it. */
const looksOnlyUpstream = (parent, order) =>
  order.slice(0, -1).map((folder, i) => ({
    name: `${parent}${folder}-looks-only-upstream`,
    severity: 'error',
    from: { path: `^src/delivery/${parent}${folder}/` },
    to: { path: `^src/delivery/${parent}(${order.slice(i + 1).join('|')})/` },
  }));

const ordered = [
  ...features.map((feature) => `${feature}/[^/]+$`),
  ...Object.entries(parts).map(([feature, order]) => `${feature}/(${order.join('|')})/[^/]+$`),
];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'operations-knows-nothing-outside',
      severity: 'error',
      from: { path: '^src/operations/' },
      to: { path: '^src/(?!operations/)' },
    },
    {
      name: 'platform-knows-no-delivery',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/(delivery/|cli/|client/|app\\.module|main)' },
    },
    {
      name: 'cli-knows-no-server',
      comment: 'It talks to the API, and starts fast because it loads nothing of the server.',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: { path: '^src/(?!cli/|client/)' },
    },
    {
      name: 'client-stands-alone',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^src/(?!client/)' },
    },
    {
      name: 'only-root-composes',
      severity: 'error',
      from: { path: '^src/.+/' },
      to: { path: '^src/(app\\.module|main)\\.ts$' },
    },
    {
      name: 'features-meet-at-their-face',
      severity: 'error',
      from: { path: '^src/delivery/([^/]+)/' },
      to: { path: '^src/delivery/([^/]+)/', pathNot: ['^src/delivery/$1/', '\\.(module|reader|events)\\.ts$'] },
    },
    ...looksOnlyUpstream('', features),
    ...Object.entries(parts).flatMap(([feature, order]) => looksOnlyUpstream(`${feature}/`, order)),
    {
      name: 'parts-know-nothing-above-them',
      comment:
        'A part uses what its feature is made of (model, entities, dto, errors, reader), not what uses the part.',
      severity: 'error',
      from: { path: '^src/delivery/([^/]+)/[^/]+/' },
      to: { path: '^src/delivery/$1/[^/]+\\.(service|controller|module)\\.ts$' },
    },
    {
      name: 'every-folder-has-its-place-in-the-order',
      severity: 'error',
      from: { path: '^src/delivery/', pathNot: `^src/delivery/(${ordered.join('|')})` },
      to: {},
    },
    { name: 'models-are-pure', severity: 'error', from: { path: '\\.model\\.ts$' }, to: { pathNot: '\\.model\\.ts$' } },
    {
      name: 'src-never-imports-test',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/|\\.spec\\.ts$' },
    },
    {
      name: 'readers-do-not-write',
      severity: 'error',
      from: { path: '\\.reader\\.ts$' },
      to: { path: '\\.service\\.ts$' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
