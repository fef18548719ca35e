import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { chooses, inOrder, lineOf, shown } from './log-lines.mjs';

/**
 * Follows the logs of every service, merged by time:
 * `npm run logs -- [--level warn] [--request ID] [--deployment ID] [--service NAME] [--since 10m] [--no-follow]`
 */
const { values } = parseArgs({
  allowNegative: true,
  options: {
    level: { type: 'string' },
    request: { type: 'string' },
    deployment: { type: 'string' },
    service: { type: 'string' },
    project: { type: 'string', default: 'plimsoll' },
    since: { type: 'string', default: '1h' },
    follow: { type: 'boolean', default: true },
  },
});

/** Lines of different services arrive this much out of order at most. */
const settleMs = 300;

const ofProject = `label=io.podman.compose.project=${values.project}`;
const nameAndService = '{{.Names}} {{index .Labels "com.docker.compose.service"}}';
const containers = await output('podman', ['ps', '--all', '--filter', ofProject, '--format', nameAndService]);
/** @type {import('./log-lines.mjs').Line[]} */
let waiting = [];
const ends = containers.map((row) => {
  const [container = '', service = ''] = row.split(' ');
  return follow(container, service);
});
const timer = setInterval(() => print(Date.now() - settleMs), settleMs);
await Promise.all(ends);
clearInterval(timer);
print(Infinity);

/** @param {number} until */
function print(until) {
  const [due, later] = inOrder(waiting, until);
  waiting = later;
  for (const line of due) process.stdout.write(`${shown(line)}\n`);
}

/** @param {string} container @param {string} service */
function follow(container, service) {
  const args = ['logs', '--timestamps', '--since', values.since, ...(values.follow ? ['--follow'] : []), container];
  const child = spawn('podman', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (text) => {
      const line = lineOf(service, text);
      if (line !== null && chooses(values, line)) waiting.push(line);
    });
  }
  return new Promise((resolve) => child.once('close', resolve));
}

/** @param {string} program @param {string[]} args @returns {Promise<string[]>} */
function output(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.once('error', reject);
    child.once('close', () => resolve(text.split('\n').filter(Boolean)));
  });
}
