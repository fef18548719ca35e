import { z } from 'zod';

type RawIssue = z.core.$ZodRawIssue;

/** What is told of a value that a schema refuses, read after the name of its field: `limit: must be at most 200`. */
function messageOf(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? `is required, of type ${issue.expected}` : `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `must ${limitOf(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)}`;
    case 'too_big':
      return `must ${limitOf(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)}`;
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? `in the format ${issue.format}`}`;
    default:
      return undefined;
  }
}

const formats: Readonly<Record<string, string>> = {
  datetime: 'a time in RFC 3339, such as 2026-01-05T10:00:00.000Z',
  uuid: 'a UUID',
  url: 'a URL',
};

const counted: Readonly<Record<string, string>> = { string: 'characters', array: 'items', object: 'members' };

/** `have at least 3 characters`, `be less than 200`. */
function limitOf(origin: string, comparison: string, limit: number | bigint): string {
  const unit = counted[origin];
  return unit === undefined ? `be ${comparison} ${limit}` : `have ${comparison} ${limit} ${unit}`;
}

/** Makes every schema speak so; a schema's own `error` goes before it. */
export function useSchemaMessages(): void {
  z.config({ customError: messageOf });
}
