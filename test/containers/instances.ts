import { asks, eventually } from './api.js';
import { containerOf, podman } from './stack.mjs';

/** `/readyz` of an instance begins to answer so. */
export function becomes(service: string, answer: string, withinMs: number): Promise<string> {
  return eventually(
    () => asks(service, '/readyz'),
    (text) => text.startsWith(answer),
    withinMs,
  );
}

/** The exit codes with which a service's container has died since then, oldest first. */
export async function deaths(service: string, since: Date): Promise<string[]> {
  const filters = ['--filter', `container=${containerOf(service)}`, '--filter', 'event=died'];
  const range = ['--stream=false', '--since', since.toISOString()];
  const codes = await podman('events', ...range, ...filters, '--format', '{{.ContainerExitCode}}');
  return codes.split('\n').filter((code) => code !== '');
}

export function startedAt(service: string): Promise<string> {
  return podman('inspect', '--format', '{{.State.StartedAt}}', containerOf(service));
}

/** Runs a script in the container of an instance, as its user. */
export function inside(service: string, script: string): Promise<string> {
  return podman('exec', containerOf(service), '/usr/local/bin/node', '-e', script);
}
