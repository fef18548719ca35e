import { plantTree, printedBy } from './planted-tree.js';

interface Report {
  diagnostics: { code: string; filename: string }[];
}

const lines = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');
const readsEnvironment = 'export const port = process.env.PORT;\n';

/** One file for each rule whose loss nobody would notice. */
const planted: Record<string, string> = {
  'src/platform/long-file.ts': lines(301, (n) => `export const value${n} = ${n};`),
  'src/platform/long-function.ts': `export function long(): void {\n${lines(50, () => '  void 0;')}\n}\n`,
  'src/platform/tangled.ts': `export function tangled(n: number): number {\n${lines(16, (n) => `  if (n === ${n}) return ${n};`)}\n  return n;\n}\n`,
  'src/platform/nosy.ts': readsEnvironment,
  'src/operations/config/reader.ts': readsEnvironment,
  'src/platform/chatty.ts': "console.log('hello');\n",
  'src/platform/nameless.ts': 'export default 1;\n',
  'src/platform/anything.ts': 'export const anything: any = 1;\n',
};

const expected: [rule: string, file: string][] = [
  ['eslint(max-lines)', 'src/platform/long-file.ts'],
  ['eslint(max-lines-per-function)', 'src/platform/long-function.ts'],
  ['eslint(complexity)', 'src/platform/tangled.ts'],
  ['node(no-process-env)', 'src/platform/nosy.ts'],
  ['eslint(no-console)', 'src/platform/chatty.ts'],
  ['import(no-default-export)', 'src/platform/nameless.ts'],
  ['typescript(no-explicit-any)', 'src/platform/anything.ts'],
];

describe('the linter', () => {
  let report: Report;

  beforeAll(async () => {
    const { folder, remove } = await plantTree(planted);
    report = JSON.parse(await printedBy(folder, 'oxlint', '--format', 'json', 'src'));
    await remove();
  });

  const reportedIn = (file: string) =>
    report.diagnostics.filter(({ filename }) => filename.endsWith(file)).map(({ code }) => code);

  it.each(expected)('reports %s', (rule, file) => {
    expect(reportedIn(file)).toContain(rule);
  });

  it('lets operations/config alone read the environment', () => {
    expect(reportedIn('src/operations/config/reader.ts')).toEqual([]);
  });
});
