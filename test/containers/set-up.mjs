import { compose, run } from './stack.mjs';

/** The image from this commit, every secret, and the whole stack from nothing. Nothing here waits without a limit. */
// oxlint-disable-next-line import/no-default-export -- Jest asks for it
export default async function setUp() {
  const source = process.env.SOURCE ?? 'https://git.example/plimsoll';
  await timed('The image was built', () =>
    run('ops/scripts/build-image', [], { timeoutMs: 900_000, env: { SOURCE: source } }),
  );
  await run('ops/scripts/init-secrets', []);
  await compose('down', '--volumes', '--timeout', '2');
  // Its own limit comes first: it says what is not healthy, and why.
  await timed('The stack was healthy', () => run('ops/scripts/up', ['--timeout', '170'], { timeoutMs: 240_000 }));
}

/** @param {string} what @param {() => Promise<unknown>} work */
async function timed(what, work) {
  const startedAt = Date.now();
  await work();
  process.stdout.write(`${what} after ${((Date.now() - startedAt) / 1000).toFixed(1)} s.\n`);
}
