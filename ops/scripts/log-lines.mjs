/**
 * What `npm run logs` makes of lines: which are chosen, in which order, and how they look.
 *
 * @typedef {object} Line
 * @property {string} service
 * @property {number} at ms since the epoch
 * @property {string} level
 * @property {string} text
 * @property {Record<string, unknown>} fields empty where the line is no JSON
 */

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/**
 * @param {string} service
 * @param {string} text with Podman's timestamp before it
 * @returns {Line | null} null for what Podman says itself
 */
export function lineOf(service, text) {
  const space = text.indexOf(' ');
  const at = Date.parse(text.slice(0, space));
  if (Number.isNaN(at)) return null;
  const said = text.slice(space + 1);
  const fields = fieldsOf(said);
  return { service, at, level: levelOf(fields, said), text: said, fields };
}

/** @param {string} text @returns {Record<string, unknown>} */
function fieldsOf(text) {
  if (!text.startsWith('{')) return {};
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** @param {Record<string, unknown>} fields @param {string} text */
function levelOf({ level }, text) {
  const said =
    typeof level === 'string'
      ? level
      : (/\b(FATAL|ERROR|WARN|DEBUG)|level=(\w+)/i.exec(text)?.slice(1).find(Boolean) ?? '');
  return levels.find((name) => said.toLowerCase().startsWith(name)) ?? 'info';
}

/**
 * @param {{ level?: string, request?: string, deployment?: string, service?: string }} wanted
 * @param {Line} line
 */
export function chooses({ level = 'trace', request, deployment, service }, line) {
  if (levels.indexOf(line.level) < levels.indexOf(level)) return false;
  if (service !== undefined && line.service !== service) return false;
  // An id may stand in a field, in a path or in the words: it is long enough to mean only itself.
  return [request, deployment].every((id) => id === undefined || line.text.includes(id));
}

/**
 * @param {readonly Line[]} lines
 * @param {number} until
 * @returns {[Line[], Line[]]} those up to then, oldest first, and the others
 */
export function inOrder(lines, until) {
  const due = lines.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at);
  return [due, lines.filter(({ at }) => at > until)];
}

/** @param {Line} line */
export function shown({ service, at, level, text, fields }) {
  const { msg, time: _time, level: _level, ...rest } = fields;
  const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  const words = typeof msg === 'string' ? `${msg}${more}` : text;
  return `${new Date(at).toISOString().slice(11, 23)} ${service.padEnd(17)} ${level.padEnd(5)} ${words}`;
}
