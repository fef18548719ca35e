import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ServicePlan } from '../../src/cli/hosts/host-plan.model.js';

/** Deploys in a process that is killed the moment it tells that it begins this step. Fails if it never does. */
export async function deployUntil(step: string, plan: ServicePlan, digest: string): Promise<void> {
  const program = join(import.meta.dirname, 'deployer.mjs');
  const child = spawn(process.execPath, [program, 'deploy', JSON.stringify({ plan, digest })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let isKilled = false;
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(line);
    if (line === step) isKilled = child.kill('SIGKILL');
  }
  if (!isKilled) throw new Error(`There was no step ${step}: ${told.join(', ')}`);
}
