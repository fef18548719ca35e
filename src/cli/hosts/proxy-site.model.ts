import type { ServicePlan } from './host-plan.model.js';
import { aliasOf } from './labels.model.js';

/** In the proxy's container, on a volume of its own. */
const ROOT = '/plimsoll';

/** Caddy's own keep-alive has to be shorter than the service's; Node's default is 5 s. */
const KEEPALIVE = '4s';

export const proxyfile = `{
	auto_https disable_redirects
	skip_install_trust
	# A change of sites lets what is under way end.
	grace_period 30s
}

import ${ROOT}/sites/*.caddy
`;

/** PID 1 becomes Caddy itself, which answers SIGTERM. */
export const proxyCommand = [
  '-ec',
  `mkdir -p ${ROOT}/sites ${ROOT}/upstreams
printf %s "$PROXYFILE" >${ROOT}/Caddyfile
exec caddy run --config ${ROOT}/Caddyfile --adapter caddyfile`,
];

export const volumeTarget = ROOT;

function slotFolder({ service, environment }: ServicePlan): string {
  return `${ROOT}/upstreams/${service}.${environment}`;
}

/** By port: the site has it, since Caddy takes only a host from a file. Another port is another folder, and a reload. */
function upstreamsFolder(plan: ServicePlan): string {
  return `${slotFolder(plan)}/${plan.port}`;
}

function sitePath({ service, environment }: ServicePlan): string {
  return `${ROOT}/sites/${service}.${environment}.caddy`;
}

/**
 * The site reads the address of each upstream from a file, for every request. So a switch replaces files, and Caddy loads
 * nothing: a reload would close every idle connection, in the face of whoever sends on it, and every WebSocket.
 */
export function siteOf(plan: ServicePlan): string {
  const files = replicasOf(plan).map((replica) => `{file.${upstreamsFolder(plan)}/${replica}}:${plan.port}`);
  return `${plan.proxy.site} {
	reverse_proxy ${files.join(' ')} {
		lb_policy round_robin
		lb_retries 2
		lb_try_interval 50ms
		transport http {
			keepalive ${KEEPALIVE}
		}
	}
}
`;
}

function replicasOf(plan: ServicePlan): number[] {
  return Array.from({ length: plan.replicas }, (_, n) => n + 1);
}

/**
 * Runs on the host to its end, whatever becomes of the deployer. Each file is replaced by a rename, so no request meets
 * half a file. The site is written, and Caddy told, only where it is another one: a first deployment, a changed number
 * of replicas, another port. A site that Caddy refuses is taken back, or it could not start again.
 */
export function switchCommand(plan: ServicePlan, deployment: string): string[] {
  const script = `folder=$1 path=$2 site=$3; shift 3
mkdir -p "$folder"
n=0
for alias; do
  n=$((n + 1))
  printf %s "$alias" >"$folder/$n.new"
  mv -f "$folder/$n.new" "$folder/$n"
done
if [ "$(cat "$path" 2>/dev/null || true)" != "$site" ]; then
  cp -f "$path" "$path.before" 2>/dev/null || rm -f "$path.before"
  printf '%s\\n' "$site" >"$path.new"
  mv -f "$path.new" "$path"
  if ! caddy reload --config ${ROOT}/Caddyfile --adapter caddyfile; then
    if [ -e "$path.before" ]; then mv -f "$path.before" "$path"; else rm -f "$path"; fi
    exit 1
  fi
fi
for file in "$folder"/*; do
  [ "\${file##*/}" -le "$n" ] || rm -f "$file"
done
for other in "\${folder%/*}"/*; do
  [ "$other" = "$folder" ] || rm -rf "$other"
done`;
  const args = [
    upstreamsFolder(plan),
    sitePath(plan),
    siteOf(plan).trimEnd(),
    ...replicasOf(plan).map((replica) => aliasOf(deployment, replica)),
  ];
  return ['sh', '-ec', script, 'switch', ...args];
}

/** After a first deployment that is taken back: nothing is to be found there any more. */
export function stopRoutingCommand(plan: ServicePlan): string[] {
  const script = `rm -rf "$1" "$2"; caddy reload --config ${ROOT}/Caddyfile --adapter caddyfile`;
  return ['sh', '-ec', script, 'stop-routing', slotFolder(plan), sitePath(plan)];
}

/** Prints a line for each upstream. */
export function readUpstreamsCommand(plan: ServicePlan): string[] {
  const script = 'for file in "$1"/*/*; do [ -e "$file" ] && cat "$file" && echo; done; true';
  return ['sh', '-c', script, 'read', slotFolder(plan)];
}

/** The alias that all upstreams have in common, without the replica; `mixed` where they have not. */
export function liveAliasOf(upstreams: string): string | null {
  const lines = upstreams.split('\n').filter((line) => line !== '');
  const aliases = new Set(lines.map((line) => line.replace(/-\d+$/, '')));
  if (aliases.size === 0) return null;
  return aliases.size === 1 ? ([...aliases][0] ?? null) : 'mixed';
}

/**
 * Each program that Podman runs in a container leaves a process for 5 minutes. So whoever waits has one program wait,
 * rather than one ask after the other.
 */
function waitingFor(url: string, timeoutMs: number, everyMs: number, withinMs: number): string[] {
  const script = `end=$(($(date +%s) + $1))
until wget -q -O /dev/null -T "$2" "$4"; do
  [ "$(date +%s)" -lt "$end" ] || exit 1
  sleep "$3"
done`;
  return ['sh', '-c', script, 'wait', seconds(withinMs), seconds(timeoutMs), String(everyMs / 1000), url];
}

function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}

/** Caddy's own endpoint, on the loopback of its container: a switch may need it. */
export function proxyIsUpCommand(withinMs: number): string[] {
  return waitingFor('http://127.0.0.1:2019/config/', 2000, 200, withinMs);
}

/** Asks a replica as the proxy does, from where the proxy is, until it is ready or the time is up. */
export function readinessCommand(plan: ServicePlan, deployment: string, replica: number, withinMs: number): string[] {
  return waitingFor(readinessUrl(plan, deployment, replica), plan.health.timeoutMs, plan.health.intervalMs, withinMs);
}

/** Asks it every second for so long, and fails when it was not ready three times in a row. */
export function watchCommand(plan: ServicePlan, deployment: string, replica: number, forMs: number): string[] {
  const script = `end=$(($(date +%s) + $1)) failed=0
while [ "$(date +%s)" -lt "$end" ]; do
  if wget -q -O /dev/null -T "$2" "$3"; then failed=0; else failed=$((failed + 1)); fi
  [ "$failed" -lt 3 ] || exit 1
  sleep 1
done`;
  const url = readinessUrl(plan, deployment, replica);
  return ['sh', '-c', script, 'watch', seconds(forMs), seconds(plan.health.timeoutMs), url];
}

function readinessUrl(plan: ServicePlan, deployment: string, replica: number): string {
  return `http://${aliasOf(deployment, replica)}:${plan.health.port ?? plan.port}${plan.health.path}`;
}
