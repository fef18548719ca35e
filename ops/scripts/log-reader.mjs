import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { lineOf } from './log-lines.mjs';
import { Failure } from './terminal.mjs';

/**
 * @typedef {object} Container
 * @property {string} id
 * @property {string} run another one after every start and every end
 * @property {boolean} isRunning
 * @property {import('./log-lines.mjs').Source} source
 */

/** @param {string} project @returns {Promise<Container[]>} also those that have ended */
export async function containersOf(project) {
  const all = JSON.parse(await podman('ps', '--all', '--format', 'json'));
  return all.flatMap((/** @type {any} */ { Id: id, State, StartedAt, ExitedAt, Labels, Names }) => {
    const service = serviceOf(Labels ?? {}, project);
    if (service === null) return [];
    const run = `${StartedAt} ${ExitedAt} ${State}`;
    return [{ id, run, isRunning: State === 'running', source: { service, instance: Names[0] } }];
  });
}

/** podman-compose labels its containers; of Quadlet's only the unit's name tells. */
function serviceOf(/** @type {Record<string, string>} */ labels, /** @type {string} */ project) {
  if (labels['io.podman.compose.project'] === project) return labels['com.docker.compose.service'] ?? null;
  const unit = labels['PODMAN_SYSTEMD_UNIT'] ?? '';
  const before = `${project}-`;
  return unit.startsWith(before) && unit.endsWith('.service') ? unit.slice(before.length, -'.service'.length) : null;
}

async function podman(/** @type {string[]} */ ...args) {
  try {
    return (await promisify(execFile)('podman', args, { maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { code, stderr } = /** @type {any} */ (error);
    throw new Failure(code === 'ENOENT' ? 'Podman is not on the PATH.' : `podman ${args[0]}: ${stderr}`.trim());
  }
}

/**
 * Reads what a container says until it ends, or until `options` say.
 * @param {Container} container
 * @param {readonly string[]} options
 * @param {(line: import('./log-lines.mjs').Line) => void} take
 * @param {AbortSignal} signal
 * @returns {Promise<string>} what Podman itself complained of
 */
export function read({ id, source }, options, take, signal) {
  const args = ['logs', '--timestamps', ...options, id];
  const child = spawn('podman', args, { stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGTERM' });
  /** @type {string[]} */
  const complaints = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (printed) => {
      const line = lineOf(source, printed);
      if (line === null) complaints.push(printed);
      else take(line);
    });
  }
  return new Promise((resolve) => {
    // It was aborted, or was not there; `close` comes as well.
    child.once('error', () => undefined);
    child.once('close', () => resolve(complaints.join('\n')));
  });
}

/** Follows the containers of a project, whichever start, restart or come to it, and hands over each line once. */
export class Follower {
  /** @type {Map<string, { last: string, run: string, reading: Promise<void> | null }>} */
  #known = new Map();

  /**
   * @param {string} since
   * @param {(line: import('./log-lines.mjs').Line) => void} take
   * @param {AbortSignal} signal
   */
  constructor(since, take, signal) {
    this.since = since;
    this.take = take;
    this.signal = signal;
  }

  /** To be called again and again with the containers that there are. @param {readonly Container[]} containers */
  follow(containers) {
    for (const container of containers) {
      const known = this.#known.get(container.id) ?? { last: this.since, run: '', reading: null };
      this.#known.set(container.id, known);
      // Podman stops following when a container ends. What has ended is read to its end once more.
      if (known.reading === null && (container.isRunning || known.run !== container.run)) this.#read(container, known);
    }
  }

  /** Resolves when nothing is read any more, which takes an aborted signal. */
  async ended() {
    await Promise.all([...this.#known.values()].map(({ reading }) => reading));
  }

  /** @param {Container} container @param {{ last: string, run: string, reading: Promise<void> | null }} known */
  #read(container, known) {
    known.run = container.run;
    const take = (/** @type {import('./log-lines.mjs').Line} */ line) => {
      known.last = line.stamp;
      this.take(line);
    };
    const toItsEnd = async () => {
      await read(container, ['--since', known.last, '--follow'], take, this.signal);
      known.reading = null;
    };
    known.reading = toItsEnd();
  }
}
