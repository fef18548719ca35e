import { basename, join } from 'node:path';
import ts from 'typescript';

const options: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2024,
  types: [],
};
/** Before the JSON, on its first line, so that the compiler's lines are those of the file. */
const typed = `import type { DashboardJson } from './dashboard-json.ts'; export const dashboard: DashboardJson = `;

/**
 * Where these dashboards, JSON by the paths of their files, are none by the types of Grafana's SDK: a property that it does
 * not know, or lacks, or a value that it does not allow. The SDK has no other schema; so the compiler holds each file
 * against its types, as if it had been written into the code.
 */
export function schemaFaults(dashboards: ReadonlyMap<string, string>): string[] {
  const sources = new Map(
    [...dashboards].map(([path, json]) => [
      join(import.meta.dirname, `${basename(path)}.ts`),
      { path, text: typed + json },
    ]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.readFile = (path) => sources.get(path)?.text ?? readFile(path);
  host.getSourceFile = (path, language, ...rest) => {
    const source = sources.get(path);
    return source ? ts.createSourceFile(path, source.text, language) : getSourceFile(path, language, ...rest);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const [said] = ts.flattenDiagnosticMessageText(messageText, '\n').split('\n');
    if (!file) return String(said);
    return `${sources.get(file.fileName)?.path ?? file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1} ${said}`;
  });
}
