import { compose, healthy, run } from './stack.mjs';

/** The image from this commit, every secret, and the whole stack from nothing. */
// oxlint-disable-next-line import/no-default-export -- Jest asks for it
export default async function setUp() {
  const source = process.env.SOURCE ?? 'https://git.example/plimsoll';
  await timed('The image was built', () =>
    run('ops/scripts/build-image', [], { timeoutMs: 900_000, env: { SOURCE: source } }),
  );
  await run('ops/scripts/init-secrets', []);
  await compose('down', '--volumes', '--timeout', '2');
  await timed('The stack was healthy', async () => {
    await compose('up', '--detach');
    await healthy();
  });
}

/** @param {string} what @param {() => Promise<unknown>} work */
async function timed(what, work) {
  const startedAt = Date.now();
  await work();
  process.stdout.write(`${what} after ${((Date.now() - startedAt) / 1000).toFixed(1)} s.\n`);
}
