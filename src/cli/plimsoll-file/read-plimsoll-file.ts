import { readFile, stat } from 'node:fs/promises';
import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import { type FileFault, FileFaults } from './file-faults.js';
import { plimsollFile, type PlimsollFile, slotSettings, type SlotSettings } from './plimsoll-file.js';
import { schemaFaults, type SchemaFault } from './schema-faults.js';

const MOST_BYTES = 1024 * 1024;
const MOST_FAULTS = 50;

/** A file that was found to be right. */
export class ReadFile {
  constructor(
    readonly path: string,
    /** As it was written, without defaults. */
    readonly file: PlimsollFile,
    private readonly locate: (fault: SchemaFault) => FileFault,
  ) {}

  get environments(): string[] {
    return Object.keys(this.file.environments);
  }

  /** What holds in an environment. Throws `FileFaults` for what neither it nor the top says. */
  slot(environment: string): SlotSettings {
    const { environments, ...top } = this.file;
    const own = environments[environment];
    if (!own) {
      const message = `has no environment "${environment}"; there are: ${this.environments.join(', ')}`;
      throw new FileFaults(this.path, [this.locate({ path: ['environments'], isOfKey: true, message })]);
    }
    const value = { ...merged(top, own), slug: environment };
    const missing = schemaFaults(slotSettings, value).map(({ path, message }) =>
      this.locate({ path: ['environments', environment, ...path], message }),
    );
    if (missing.length > 0) throw new FileFaults(this.path, missing);
    return slotSettings.parse(value);
  }

  /** Says where in the file something lies that only a server could find wrong, `path` being its place in it. */
  fault(path: readonly PropertyKey[], message: string): FileFault {
    return this.locate({ path, message });
  }
}

/** Throws `FileFaults` with all that is wrong. */
export async function readPlimsollFile(path: string): Promise<ReadFile> {
  const { size } = await stat(path);
  if (size > MOST_BYTES) throw new FileFaults(path, [{ line: 1, column: 1, place: '', message: 'is over 1 MiB' }]);
  return parsePlimsollFile(await readFile(path, 'utf8'), path);
}

export function parsePlimsollFile(text: string, path = 'plimsoll.yml'): ReadFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const unread = [...document.errors, ...document.warnings].map(({ message, pos: [offset] }) =>
    placed(lines, offset, '', message),
  );
  if (unread.length > 0) throw new FileFaults(path, unread.slice(0, MOST_FAULTS));
  const locate = (fault: SchemaFault): FileFault => located(fault, document, lines);
  const value = valueOf(document, path);
  const faults = schemaFaults(plimsollFile, value).map(locate);
  if (faults.length > 0) throw new FileFaults(path, faults.slice(0, MOST_FAULTS));
  return new ReadFile(path, value as PlimsollFile, locate);
}

/** Aliases that multiply are refused by the parser, with a ReferenceError. */
function valueOf(document: Document, path: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw new FileFaults(path, [{ line: 1, column: 1, place: '', message: error.message }]);
  }
}

function located({ path, message, isOfKey }: SchemaFault, document: Document, lines: LineCounter): FileFault {
  const offset = isOfKey ? keyOffset(document, path) : valueOffset(document, path);
  return placed(lines, offset, placeOf(path), message);
}

/** Of what is not there, where what should hold it begins. */
function valueOffset(document: Document, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range)
      return depth === path.length ? node.range[0] : keyOffset(document, path.slice(0, depth));
  }
  return 0;
}

function keyOffset(document: Document, path: readonly PropertyKey[]): number {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const key = isMap(parent) ? parent.items.find((pair) => String(pair.key) === String(path.at(-1)))?.key : undefined;
  if (isNode(key) && key.range) return key.range[0];
  const node = document.getIn(path, true);
  return isNode(node) && node.range ? node.range[0] : 0;
}

function placed(lines: LineCounter, offset: number, place: string, message: string): FileFault {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col), place, message };
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (place, step) =>
      typeof step === 'number' ? `${place}[${step}]` : place === '' ? String(step) : `${place}.${String(step)}`,
    '',
  );
}

/** In these an environment says only what differs; everything else it says in place of the top. */
const added = ['environment', 'health', 'migrate'];

function merged(top: Readonly<Record<string, unknown>>, own: Readonly<Record<string, unknown>>): object {
  const both = added.filter((key) => isMapping(top[key]) && isMapping(own[key]));
  const merges = both.map((key) => [key, { ...(top[key] as object), ...(own[key] as object) }] as const);
  return { ...top, ...own, ...Object.fromEntries(merges) };
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
