import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyse } from 'scslre';
import ts from 'typescript';
import { root } from './planted-tree.js';

/** As much as a probed host is read of; what is quadratic shows in an eighth of it, and soon. */
const LENGTHS = [8 * 1024, 64 * 1024];
const MOST_MS = 10;
/** Rounds before a time is believed: the first may pay for compiling, any for what else the processor does. */
const ROUNDS = 12;

interface Found {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

/** A class, an escape, the beginning of a group, a counted repetition, or any other character. */
const ATOM =
  /\[(?:\\[\s\S]|[^\]\\])+\]|\\(?:u[\da-f]{4}|x[\da-f]{2}|p\{\w+\}|[\s\S])|\(\?<?[:=!]|\{\d+,?\d*\}|[\s\S]/giu;
const IS_SYNTAX = /^(?:\(\?.*|\{\d.*|[()|^$*+?]|\\b)$/iu;
const CHARACTERS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

/** Every regular expression in the text of a module. One that is put together at run time would escape the test. */
function expressionsIn(name: string, text: string): { literals: Found[]; madeOfText: string[] } {
  const literals: Found[] = [];
  const madeOfText: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      literals.push({ where: name, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'RegExp') {
      madeOfText.push(`${name}: ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true));
  return { literals, madeOfText };
}

/** One character for each atom, so that every part of a match can be repeated on its own. */
function sampleOf({ source, flags }: Found): string[] {
  const atoms = (source.match(ATOM) ?? []).filter((atom) => !IS_SYNTAX.test(atom));
  const insensitive = flags.replaceAll(/[^iu]/g, '');
  return atoms.flatMap((atom) => {
    const matcher = new RegExp(`^(?:${atom})$`, insensitive);
    return CHARACTERS.find((character) => matcher.test(character)) ?? [];
  });
}

/** Texts that begin like a match, go on with one part of it over and over, and end like none. */
function worstTexts(found: Found, length: number): Set<string> {
  const sample = sampleOf(found);
  const parts = [1, 2, 3, 4, 6, 10].flatMap((size) => sample.map((_, at) => [at, at + size] as const));
  const texts = parts.map(([from, to]) => {
    const pump = sample.slice(from, to).join('');
    return `${sample.slice(Math.max(0, from - 12), from).join('')}${pump.repeat(length / pump.length)}\0`;
  });
  return new Set(texts);
}

/** The processor time of a search through the whole text; the least of some rounds, or of one that is quick enough. */
function searchMs({ source, flags }: Found, text: string): number {
  const expression = new RegExp(source, flags);
  let least = Infinity;
  for (let round = 0; round < ROUNDS && least > MOST_MS; round += 1) {
    const begin = process.cpuUsage();
    text.replace(expression, '');
    const { user, system } = process.cpuUsage(begin);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** The first text that takes too long, and how long; null where there is none. */
function slowText(found: Found): string | null {
  for (const length of LENGTHS) {
    for (const text of worstTexts(found, length)) {
      const ms = searchMs(found, text);
      if (ms > MOST_MS) return `${ms} ms at ${JSON.stringify(text.slice(0, 40))}`;
    }
  }
  return null;
}

const isSuperLinear = ({ source, flags }: Found) => analyse({ source, flags }).reports.length > 0;

const folder = join(root, 'src');
const names = (await readdir(folder, { recursive: true })).filter((name) => /(?<!\.spec)\.ts$/.test(name));
const modules = await Promise.all(
  names.map(async (name) => expressionsIn(name, await readFile(join(folder, name), 'utf8'))),
);
const literals = modules.flatMap((module) => module.literals);

describe('the regular expressions of the service', () => {
  it('are there', () => {
    expect(literals.length).toBeGreaterThan(50);
  });

  it('are all written down, none made of text', () => {
    expect(modules.flatMap(({ madeOfText }) => madeOfText)).toEqual([]);
  });

  it('have no part that backtracks more than linearly', () => {
    expect(literals.filter(isSuperLinear)).toEqual([]);
  });

  it.each(literals.map((found) => [`/${found.source}/${found.flags}`, found] as const))(
    'search 64 KiB of the worst text within 10 ms: %s',
    (_literal, found) => {
      expect(slowText(found)).toBeNull();
    },
  );

  it.each(['([a-z][a-z0-9+.-]*:\\/\\/)[^\\s/@]+@', '\\beyJ[\\w-]+\\.[\\w-]+', '\\/\\/[^/?#@]+@.*\\/\\w+$'])(
    'would not be allowed to be quadratic: %s',
    (source) => {
      expect(slowText({ where: 'planted', source, flags: 'gi' })).not.toBeNull();
    },
  );
});
