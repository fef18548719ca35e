import { compose, project, provideImages, run } from './stack.mjs';

/** The image from this commit, every secret, and the whole stack from nothing. */
// oxlint-disable-next-line import/no-default-export -- Jest asks for it
export default async function setUp() {
  await provideImages();
  await run('ops/scripts/build-image', [], 600_000);
  await run('ops/scripts/init-secrets', []);
  await compose('down', '--volumes', '--timeout', '2');
  const startedAt = Date.now();
  await compose('up', '--detach');
  await run('ops/scripts/wait-healthy', ['--project', project, '--timeout', '120'], 150_000);
  process.stdout.write(`The stack was healthy after ${Math.round((Date.now() - startedAt) / 1000)} s.\n`);
}
