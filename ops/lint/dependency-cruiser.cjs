const order = ['catalog', 'releases', 'incidents', 'gates', 'deployments', 'dora', 'board'];
const later = (i) => order.slice(i + 1).join('|');
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
      to: { path: '^src/(delivery/|app\\.module|main)' },
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
    ...order.slice(0, -1).map((f, i) => ({
      name: `${f}-looks-only-upstream`,
      severity: 'error',
      from: { path: `^src/delivery/${f}/` },
      to: { path: `^src/delivery/(${later(i)})/` },
    })),
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
