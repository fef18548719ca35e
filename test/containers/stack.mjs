import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** Not the project of a stack that somebody runs on this machine for himself; another clone takes another name. */
export const project = process.env.TEST_PROJECT ?? 'plimsoll-test';
export const proxyPort = Number(process.env.TEST_PROXY_PORT ?? 18_443);

const environment = {
  ...process.env,
  PROXY_PORT: String(proxyPort),
  PROXY_ADDRESS: '127.0.0.1',
  PROBE_ALLOW: 'app-1,app-2',
};

/**
 * Runs a program in the clone and answers what it printed. It fails like the program does, with what that said.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {number} [timeoutMs]
 * @returns {Promise<string>}
 */
export async function run(program, args, timeoutMs = 60_000) {
  const options = { env: environment, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(program, [...args], options);
  return stdout.trim();
}

/** @param {readonly string[]} args */
export const podman = (...args) => run('podman', args);

/**
 * The production-like stack alone, without what development adds.
 * @param {readonly string[]} args
 */
export const compose = (...args) =>
  run('podman-compose', ['-p', project, '-f', 'podman-compose.yml', ...args], 240_000);

/** @param {string} service */
export const containerOf = (service) => `${project}_${service}_1`;

/** A clone may have a folder beside it that brings Podman and the images where there is no registry. */
const offline = '../shared/offline';

export async function provideImages() {
  if (!existsSync(offline)) return;
  await run(`${offline}/podman-host`, [], 300_000);
  await run(`${offline}/images`, [], 600_000);
}
