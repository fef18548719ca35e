import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

export interface SchemaFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The position is that of the key, not of its value. */
  readonly isOfKey?: true;
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** The issues of a schema as sentences that say what would be right. */
export function schemaFaults(schema: z.ZodType, value: unknown): SchemaFault[] {
  const issues = schema.safeParse(value, { error: messageOf, reportInput: true }).error?.issues ?? [];
  return issues.flatMap((issue) => faultsOf(issue, schema));
}

function faultsOf(issue: Issue, schema: z.ZodType): SchemaFault[] {
  const { path, message } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({ path: [...path, key], isOfKey: true, message: unknownKey(key, known) }));
  }
  if (issue.code === 'invalid_key') {
    const [first] = issue.issues;
    return [{ path, isOfKey: true, message: first?.message ?? message }];
  }
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.filter((branch) => !branch.some(isOfAnotherKind));
    if (meant.length === 1 && meant[0]) {
      return meant[0].flatMap((inner) => faultsOf({ ...inner, path: [...path, ...inner.path] } as Issue, schema));
    }
  }
  // Found by a schema within this one.
  if (issue.code === 'custom' && issue.params?.['isOfKey'] === true) return [{ path, message, isOfKey: true }];
  return [{ path, message }];
}

const isOfAnotherKind = ({ code, path }: Issue): boolean =>
  path.length === 0 && (code === 'invalid_type' || code === 'invalid_format');

function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    if (issue.input === undefined) return 'is required';
    return `must be ${kinds[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  if (issue.code === 'too_small')
    return `must be ${isSize(issue.origin) ? 'of ' : ''}at least ${issue.minimum}${sizeUnit(issue.origin)}`;
  if (issue.code === 'too_big')
    return `must be ${isSize(issue.origin) ? 'of ' : ''}at most ${issue.maximum}${sizeUnit(issue.origin)}`;
  return undefined;
}

const isSize = (origin: string): boolean => origin === 'string' || origin === 'array';
const sizeUnit = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' ? ' members' : '';

function unknownKey(key: string, known: readonly string[]): string {
  // A key may be as long as the file.
  const [near] = known.map((name) => ({ name, far: distance(key.slice(0, 50), name) })).sort((a, b) => a.far - b.far);
  if (near && near.far <= Math.max(1, Math.floor(near.name.length / 3)))
    return `is not known; did you mean "${near.name}"?`;
  return known.length === 0 ? 'is not known here' : `is not known here; there are: ${known.join(', ')}`;
}

/** The keys that the schema has at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let found: SchemaNode | undefined = schema as SchemaNode;
  for (const step of path) found = within(found, step);
  return Object.keys(bare(found)?.def?.shape ?? {});
}

interface SchemaNode {
  readonly def?: {
    readonly type: string;
    readonly shape?: Readonly<Record<string, SchemaNode>>;
    readonly element?: SchemaNode;
    readonly valueType?: SchemaNode;
    readonly innerType?: SchemaNode;
    readonly in?: SchemaNode;
    readonly options?: readonly SchemaNode[];
  };
}

function within(node: SchemaNode | undefined, step: PropertyKey): SchemaNode | undefined {
  const def = bare(node)?.def;
  return def?.shape?.[String(step)] ?? def?.element ?? def?.valueType;
}

/** Without what is wrapped around it. Of several kinds the mapping. */
function bare(node: SchemaNode | undefined): SchemaNode | undefined {
  const inner = node?.def?.innerType ?? node?.def?.in ?? node?.def?.options?.find((option) => bare(option)?.def?.shape);
  return inner ? bare(inner) : node;
}

/** How many letters have to be changed, or swapped with the next one, to make one word of the other. */
function distance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const changed = rows[i - 1]![j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swaps = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, changed, swaps ? rows[i - 2]![j - 2]! + 1 : Infinity));
    }
    rows.push(row);
  }
  return rows.at(-1)!.at(-1)!;
}
