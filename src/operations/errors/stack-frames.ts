import { fileURLToPath } from 'node:url';
import { applicationFile } from '../application-file.js';

const MOST_FRAMES = 50;
const LONGEST_LINE = 512;
const root = applicationFile('.');
/** As an ES module is named, and as CommonJS is. */
const roots = [root.href, fileURLToPath(root)];

/** Named as error trackers do. */
export interface StackFrame {
  readonly function: string;
  /** From `app:///`, wherever the application is installed. */
  readonly filename: string;
  readonly lineno?: number;
  readonly colno?: number;
  /** Whether the call is in the application, as far as the file shows: the files of the image also contain packages. */
  readonly in_app: boolean;
}

/** The calls of the error's stack, innermost first; none for an error without a stack. */
export function framesOf({ stack }: Error): StackFrame[] {
  const lines = typeof stack === 'string' ? stack.split('\n') : [];
  return lines
    .filter((line) => line.startsWith('    at '))
    .slice(0, MOST_FRAMES)
    .map((line) => frameOf(line.slice(0, LONGEST_LINE).trim()));
}

/** `at async Gates.open (file:///app/dist/main.js:10:5)`, or only a place. */
function frameOf(line: string): StackFrame {
  const call = line.replace(/^at (?:async )?/, '');
  const opens = call.endsWith(')') ? call.indexOf(' (') : -1;
  const place = opens < 0 ? call : call.slice(opens + 2, -1);
  const [, file = place, lineno, colno] = /^([^\n]*):(\d+):(\d+)$/.exec(place) ?? [];
  const filename = roots.reduce((name, from) => (name.startsWith(from) ? name.replace(from, 'app:///') : name), file);
  return {
    function: opens < 0 ? '<anonymous>' : call.slice(0, opens),
    filename,
    ...(lineno !== undefined && { lineno: Number(lineno), colno: Number(colno) }),
    in_app: filename.startsWith('app:///') && !filename.includes('/node_modules/'),
  };
}
