import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run, tail } from './child-process.mjs';
import { clone, node, shown } from './clone.mjs';
import { listenForInterruption } from './interruption.mjs';
import { Failure, say, step } from './terminal.mjs';

const site = join(clone, 'ops', 'site');
const astro = join(site, 'node_modules', 'astro', 'bin', 'astro.mjs');
const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' };

/**
 * `docs:site` builds docs/ into a site, `docs:serve` shows it while pages change, `docs:look` looks at it in a browser.
 * @param {string[]} args
 */
export async function main([what = 'build', ...args]) {
  const { signal } = listenForInterruption();
  await ensureInstalled(signal);
  if (what === 'serve') return await serve(args, signal);
  await build(signal);
  if (what === 'look') return await look(args, signal);
}

/** @param {string} path */
async function changedMs(path) {
  return (await stat(join(site, path)).catch(() => null))?.mtimeMs ?? 0;
}

/**
 * The generator is a package of its own with a lock of its own: who only starts Plimsoll never installs it.
 * @param {AbortSignal} signal
 */
export async function ensureInstalled(signal) {
  if ((await changedMs('node_modules/.package-lock.json')) >= (await changedMs('package-lock.json'))) return;
  await step('install the generator', async () => {
    const { exitCode, output } = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: site,
      signal,
    });
    if (exitCode !== 0) throw new Failure(`npm ci failed in ops/site:\n${tail(output, 30)}`);
  });
}

/** @param {AbortSignal} signal */
async function build(signal) {
  await step('build the site', async () => {
    // With another one, as tests have it, the site is built without its search.
    const production = { ...env, NODE_ENV: 'production' };
    const { exitCode, output } = await run(node, [astro, 'build'], { cwd: site, env: production, signal });
    if (exitCode !== 0) throw new Failure(`The site could not be built:\n${tail(output, 30)}`);
  });
  const { deadLinks } = await import('../site/source/dead-links.ts');
  const { siteFolder } = await import('../site/source/folders.ts');
  const dead = await deadLinks(siteFolder);
  if (dead.length > 0) throw new Failure(`Links that lead nowhere:\n${dead.map((link) => `  ${link}`).join('\n')}`);
  say(`The site is in ${shown(siteFolder)}; npm run docs:serve shows it.`);
}

/** @param {string[]} args @param {AbortSignal} signal */
async function serve(args, signal) {
  const { exitCode } = await run(node, [astro, 'dev', ...args], { cwd: site, env, signal, stdio: 'inherit' });
  return exitCode;
}

/** @param {string[]} args @param {AbortSignal} signal */
async function look(args, signal) {
  const { exitCode } = await run(node, [join(site, 'look', 'main.ts'), ...args], {
    cwd: clone,
    signal,
    stdio: 'inherit',
  });
  return exitCode;
}
