import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Not the project of a stack that somebody runs on this machine for himself; another clone takes another name. */
export const project = process.env.TEST_PROJECT ?? 'plimsoll-test';
export const proxyPort = Number(process.env.TEST_PROXY_PORT ?? 18_443);
export const unleashPort = proxyPort + 1;
export const image = `localhost/${project}:image`;
/** Where tests put what is gone with the run; ops/scripts/test-containers removes it. */
export const folder = process.env.TEST_FOLDER ?? mkdtempSync(join(tmpdir(), `${project}-`));

/** How many times longer than on a quiet machine something may take before it counts as failed. */
export const patience = 3;

const environment = {
  ...process.env,
  COMPOSE_PROJECT_NAME: project,
  SECRETS_FOLDER: join(folder, 'secrets'),
  IMAGE: image,
  DEV_IMAGE: `localhost/${project}:dev`,
  PROXY_PORT: String(proxyPort),
  PROXY_ADDRESS: '127.0.0.1',
  UNLEASH_UI_PORT: String(unleashPort),
  PROBE_ALLOW: 'app-1,app-2',
  OPS_MAX_ACCESS: 'write',
};

/**
 * Runs a program in the clone and answers what it printed. It fails like the program does, with what that said.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ timeoutMs?: number, cwd?: string, env?: Record<string, string> }} [options]
 * @returns {Promise<string>}
 */
export async function run(program, args, { timeoutMs = 60_000, cwd, env } = {}) {
  const limits = { timeout: timeoutMs * patience, maxBuffer: 64 * 1024 * 1024 };
  try {
    const { stdout } = await promisify(execFile)(program, [...args], {
      ...limits,
      cwd,
      env: { ...environment, ...env },
    });
    return stdout.trim();
  } catch (error) {
    // Jest shows the message alone, and what the program printed says why.
    const failed = /** @type {Error & { stdout: string }} */ (error);
    failed.message += `\n${failed.stdout.slice(-4000)}`;
    throw failed;
  }
}

/** @param {readonly string[]} args */
export const podman = (...args) => run('podman', args, { timeoutMs: 120_000 });

/**
 * The production-like stack alone, without what development adds.
 * @param {readonly string[]} args
 */
export const compose = (...args) =>
  run('podman-compose', ['-f', 'podman-compose.yml', ...args], { timeoutMs: 180_000 });

/** @param {readonly string[]} services */
export const healthy = (...services) =>
  run('ops/scripts/wait-healthy', ['--timeout', '360', ...services], { timeoutMs: 150_000 });

/** @param {string} service */
export const containerOf = (service) => `${project}_${service}_1`;
