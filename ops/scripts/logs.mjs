import { stdout } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { listenForInterruption } from './interruption.mjs';
import { asJson, asText, chooses, inOrder, levels } from './log-lines.mjs';
import { containersOf, Follower, read } from './log-reader.mjs';
import { Failure, runMain } from './terminal.mjs';

const usage = `Shows what all containers of the stack say, merged by time, and follows it:
npm run logs -- [options]
  --level LEVEL       only this level and above: ${levels.join(', ')}
  --request ID        only lines of this request
  --deployment ID     only lines that name this deployment
  --service NAME      only this service or container; may be given more than once
  --since TIME        from then on: 10m, 2h, 2026-11-23T12:00:00Z; 1h if not given
  --no-follow         end after what is there
  --json, --no-json   lines of JSON, which is what a pipe gets, or lines for people
  --project NAME      of podman-compose, or what the units of Quadlet begin with; COMPOSE_PROJECT_NAME, or plimsoll`;

/** Lines of different containers arrive this much out of order at most. */
const settleMs = 500;
/** How soon a container that came or came back is noticed. */
const lookEveryMs = 2000;

await runMain(main);

async function main() {
  const options = optionsOf(process.argv.slice(2));
  if (options.help) return void stdout.write(`${usage}\n`);
  const { signal } = listenForInterruption();
  const isLeft = new AbortController();
  // Whoever read this, as in `npm run logs | head`, is gone.
  stdout.on('error', () => isLeft.abort());
  await show(options, AbortSignal.any([signal, isLeft.signal]));
}

/** @param {ReturnType<typeof optionsOf>} options @param {AbortSignal} end */
async function show(options, end) {
  try {
    const startedAt = new Date().toISOString();
    const containers = await containersOf(options.project);
    await showPast(containers, options, startedAt, end);
    if (options.follow) await showComing(containers, options, startedAt, end);
  } catch (error) {
    // Ctrl-C reaches every `podman` that runs as well.
    if (!end.aborted) throw error;
  }
}

/** @param {string[]} args */
function optionsOf(args) {
  const { values } = parsed(args);
  if (values.level !== undefined && !levels.includes(values.level)) {
    throw new Failure(`There is no level ${values.level}: ${levels.join(', ')}`, { exitCode: 64 });
  }
  const form = values.json ? asJson : asText;
  return { ...values, print: (/** @type {import('./log-lines.mjs').Line} */ line) => stdout.write(`${form(line)}\n`) };
}

/** @param {string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args,
      allowNegative: true,
      options: {
        level: { type: 'string' },
        request: { type: 'string' },
        deployment: { type: 'string' },
        service: { type: 'string', multiple: true },
        project: { type: 'string', default: process.env.COMPOSE_PROJECT_NAME ?? 'plimsoll' },
        since: { type: 'string', default: '1h' },
        follow: { type: 'boolean', default: true },
        json: { type: 'boolean', default: !stdout.isTTY },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Failure(`${error instanceof Error ? error.message : error}\n\n${usage}`, { exitCode: 64 });
  }
}

/**
 * All of it is read before any is shown: a long log comes later than a short one.
 * @param {readonly import('./log-reader.mjs').Container[]} containers
 * @param {ReturnType<typeof optionsOf>} options
 * @param {string} until
 * @param {AbortSignal} end
 */
async function showPast(containers, options, until, end) {
  if (containers.length === 0) {
    const none = `The project ${options.project} has no container.`;
    if (!options.follow) throw new Failure(none);
    process.stderr.write(`${none} Waiting for the first one.\n`);
  }
  /** @type {import('./log-lines.mjs').Line[]} */
  const lines = [];
  const take = (/** @type {import('./log-lines.mjs').Line} */ line) => chooses(options, line) && lines.push(line);
  const range = ['--since', options.since, '--until', until];
  const complaints = await Promise.all(containers.map((container) => read(container, range, take, end)));
  const complaint = complaints.find(Boolean);
  if (complaint !== undefined && lines.length === 0) throw new Failure(complaint);
  for (const line of inOrder(lines)) options.print(line);
}

/**
 * @param {readonly import('./log-reader.mjs').Container[]} containers
 * @param {ReturnType<typeof optionsOf>} options
 * @param {string} since
 * @param {AbortSignal} end
 */
async function showComing(containers, options, since, end) {
  /** @type {import('./log-lines.mjs').Line[]} */
  let waiting = [];
  const printUntil = (/** @type {number} */ until) => {
    const due = inOrder(waiting.filter(({ at }) => at <= until));
    waiting = waiting.filter(({ at }) => at > until);
    for (const line of due) options.print(line);
  };
  const follower = new Follower(since, (line) => chooses(options, line) && waiting.push(line), end);
  const printing = setInterval(() => printUntil(Date.now() - settleMs), settleMs / 2);
  let present = containers;
  while (!end.aborted) {
    follower.follow(present);
    await delay(lookEveryMs, undefined, { signal: end }).catch(() => undefined);
    if (!end.aborted) present = await containersOf(options.project);
  }
  await follower.ended();
  clearInterval(printing);
  printUntil(Infinity);
}
