import { cyan, dim, red, yellow } from './terminal.mjs';

/**
 * What `npm run logs` makes of lines: which are chosen, in which order, and how they look.
 *
 * @typedef {object} Source
 * @property {string} service
 * @property {string} instance the name of the container
 *
 * @typedef {object} Line
 * @property {Source} source
 * @property {string} stamp when Podman got it, to the nanosecond
 * @property {number} at the same in ms since the epoch
 * @property {string} level
 * @property {string} text
 * @property {Record<string, unknown>} fields empty where the line is neither JSON nor logfmt
 */

export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

const stamp = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d) `;
const stampedLine = new RegExp(`^(${stamp})(.*)$`);
/** A line that Podman read in two pieces has the second one's timestamp in the middle. */
const stampWithin = new RegExp(stamp, 'g');

/**
 * @param {Source} source
 * @param {string} printed with Podman's timestamp before it
 * @returns {Line | null} null for what Podman says itself
 */
export function lineOf(source, printed) {
  const [, before, said] = stampedLine.exec(printed) ?? [];
  if (before === undefined || said === undefined) return null;
  const text = said.replaceAll(stampWithin, '');
  const fields = fieldsOf(text);
  return { source, stamp: before.trim(), at: Date.parse(before.trim()), level: levelOf(fields, text), text, fields };
}

/** @param {string} text @returns {Record<string, unknown>} */
function fieldsOf(text) {
  if (/^(time|ts|level)=/.test(text)) return logfmt(text);
  if (!text.startsWith('{')) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** What Prometheus and the exporters write: `level=INFO msg="It is so"`. @param {string} text */
function logfmt(text) {
  const pairs = [...text.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g)];
  return Object.fromEntries(pairs.map(([, key, quoted, bare]) => [key, quoted?.replaceAll(/\\(.)/g, '$1') ?? bare]));
}

/** `WARNING:` or `[WARN]` say it where no field does; Redis has a mark for warnings. */
const levelInText = /\b(FATAL|PANIC|ERROR|WARN|DEBUG)(?:ING)?\d?[:\]]|^\d+:[A-Z] .{24} (#) /;

/** @type {Record<string, string>} */
const otherNames = { panic: 'fatal', critical: 'fatal', warning: 'warn', '#': 'warn' };

/** @param {Record<string, unknown>} fields @param {string} text */
function levelOf({ level }, text) {
  const said = typeof level === 'string' ? level : levelInText.exec(text)?.slice(1).find(Boolean);
  const name = said?.toLowerCase() ?? 'info';
  const known = otherNames[name] ?? name;
  return levels.includes(known) ? known : 'info';
}

/**
 * @param {{ level?: string, request?: string, deployment?: string, service?: readonly string[] }} wanted
 * @param {Line} line
 */
export function chooses({ level = 'trace', request, deployment, service = [] }, line) {
  if (levels.indexOf(line.level) < levels.indexOf(level)) return false;
  const { source } = line;
  if (service.length > 0 && !service.includes(source.service) && !service.includes(source.instance)) return false;
  // An id may stand in a field, in a path or in the words: it is long enough to mean only itself.
  return [request, deployment].every((id) => id === undefined || line.text.includes(id));
}

/** @param {readonly Line[]} lines @returns {Line[]} oldest first; what one container said stays in its order */
export function inOrder(lines) {
  return lines.toSorted((one, other) => one.at - other.at || compare(one.stamp, other.stamp));
}

/** @param {string} one @param {string} other */
function compare(one, other) {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** For programs. @param {Line} line */
export function asJson({ source, stamp: time, level, text, fields }) {
  const { said, rest } = parted(fields, text);
  return JSON.stringify({ time, ...source, level, msg: said, ...(Object.keys(rest).length > 0 && { fields: rest }) });
}

/** @type {Record<string, (text: string) => string>} */
const colours = { warn: yellow, error: red, fatal: red };

/** For people. @param {Line} line */
export function asText({ source, at, level, text, fields }) {
  const { said, rest } = parted(fields, text);
  const more = Object.entries(rest).map(([key, value]) => ` ${key}=${word(value)}`);
  const time = new Date(at).toISOString().slice(11, 23);
  const paint = colours[level] ?? ((/** @type {string} */ same) => same);
  return `${dim(time)} ${cyan(source.service.padEnd(17))} ${paint(level.padEnd(5))} ${said}${dim(more.join(''))}`;
}

/** @param {Record<string, unknown>} fields @param {string} text */
function parted({ msg, time: _time, ts: _ts, level: _level, ...rest }, text) {
  return typeof msg === 'string' ? { said: msg, rest } : { said: text, rest: {} };
}

/** @param {unknown} value */
function word(value) {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}
