import { stdout } from 'node:process';

/** What a person is told in one message, without a stack. Anything else that is thrown is a fault of these scripts. */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {{ exitCode?: number, cause?: unknown }} [options]
   */
  constructor(message, { exitCode = 1, cause } = {}) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}

/** Ctrl-C or SIGTERM came while something was being prepared. */
export class Interrupted extends Failure {
  constructor() {
    super('Interrupted. Nothing is left running; run it again to go on.', { exitCode: 130 });
  }
}

const colours = Boolean(stdout.isTTY) && process.env.NO_COLOR === undefined && process.env.TERM !== 'dumb';
/** @param {number} code */
const paint = (code) => (/** @type {string} */ text) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const yellow = paint(33);
export const cyan = paint(36);

// Whoever read our output may be gone, as with `npm start | head`; that must not keep us from ending things in order.
stdout.on('error', () => {});

/** Replaces the line it stands on, on a terminal only: in a pipe nobody can see a line change. */
export function showPending(/** @type {string} */ line) {
  if (colours) stdout.write(`\r\u001b[2K${line}`);
}

export function say(/** @type {string} */ line = '') {
  showPending('');
  stdout.write(`${line}\n`);
}

/**
 * Runs `work` under a pending line and leaves one finished line: what `work` returns, or `doing`. What `work` tells
 * stays above it. With `sharesTerminal` there is no pending line: what others write would run into it.
 * @param {string} doing
 * @param {(tell: (text: string) => void) => Promise<string | void>} work
 * @param {{ sharesTerminal?: boolean }} [options]
 */
export async function step(doing, work, { sharesTerminal = false } = {}) {
  const startedAt = performance.now();
  const pending = sharesTerminal ? '' : `  ${dim('…')} ${doing}`;
  showPending(pending);
  const done =
    (await work((text) => {
      say(`  ${yellow('…')} ${text}`);
      showPending(pending);
    })) ?? doing;
  say(`  ${green('✓')} ${done} ${dim(`(${((performance.now() - startedAt) / 1000).toFixed(1)} s)`)}`);
}

/**
 * Runs a script's main function and turns what it throws into one message and an exit code.
 * @param {() => Promise<number | void>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    showPending('');
    process.exitCode = report(error);
  }
}

/** @param {unknown} error */
function report(error) {
  if (error instanceof Failure) {
    process.stderr.write(`\n${error instanceof Interrupted ? '' : red('✗ ')}${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    process.stderr.write(`\n${red('✗ ')}The disk is full (${error.message}). Free some space and run it again.\n`);
    return 1;
  }
  process.stderr.write(`\n${error instanceof Error ? error.stack : String(error)}\n`);
  return 70;
}
