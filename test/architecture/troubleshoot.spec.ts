import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes } from '../../src/cli/exit-codes.js';
import {
  DEPLOYMENT_STATES,
  HEARTBEAT_LEASE_MS,
  HOLD_TIMEOUT_MS,
  REASON_CODES,
} from '../../src/delivery/deployments/deployment.model.js';
import { isKnownVariable } from '../../src/operations/config/setting-names.js';
import { EXIT_STALLED } from '../../src/operations/lifecycle/stall-watch-data.js';
import { phaseTransitions } from '../../src/operations/lifecycle/process-phase.js';
import { RuntimeSchema } from '../../src/operations/runtime-config/runtime-settings.js';
import { errorRows } from './error-rows.js';
import { root } from './planted-tree.js';

const read = (path: string) => readFile(join(root, path), 'utf8');

/** What a reader names in a shell before pasting, and what the command gives to a container. */
const ownVariables = new Set(['API', 'SLOT', 'TOKEN', 'ADMIN_TOKEN', 'IMAGE_DIGEST']);

/** What Plimsoll says of an instance; `maintenance` and the phases are reasons of /readyz. */
const ofInstances = ['degraded', 'maintenance', ...Object.keys(phaseTransitions)];

describe('the page that goes by symptom', () => {
  let page: string;
  let spans: string[];

  beforeAll(async () => {
    page = await read('docs/how-to/troubleshoot.md');
    spans = [...page.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
  });

  it('names only codes and states that Plimsoll gives', async () => {
    const problems = (await errorRows()).map(({ code }) => code);
    // The proxy answers this one, where no instance does.
    expect(await read('ops/caddy/Caddyfile')).toContain('urn:plimsoll:problem:no-instance');
    const known = new Set<string>([...problems, 'no-instance', ...REASON_CODES, ...DEPLOYMENT_STATES, ...ofInstances]);
    const codes = spans.filter((span) => /^[a-z]+[-_][a-z_-]+$/.test(span));
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !known.has(code))).toEqual([]);
    const firstCells = [...page.matchAll(/^\| (?:\d{3} )?`([^`]+)`/gm)].map(([, cell = '']) => cell);
    expect(firstCells.filter((cell) => !known.has(cell))).toEqual([]);
  });

  it('gives each problem the status that the API answers', async () => {
    const statuses = new Map((await errorRows()).map(({ code, status }) => [code, status]));
    const shown = [...page.matchAll(/(\d{3}) `([a-z-]+)`/g)].map(([, status, code = '']) => [code, Number(status)]);
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter(([code, status]) => statuses.get(String(code)) !== status)).toEqual([['no-instance', 503]]);
    const refused = page.split(/^## /m).find((section) => section.startsWith('A deployment is refused')) ?? '';
    const codes = [...refused.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code = '']) => code);
    expect(codes.map((code) => [code, statuses.get(code)])).toEqual(codes.map((code) => [code, 409]));
  });

  it('names only settings that there are', () => {
    const names = spans.flatMap((span) => /^([A-Z][A-Z0-9_]{2,})(?:=|$)/.exec(span)?.[1] ?? []);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !ownVariables.has(name) && !isKnownVariable(name))).toEqual([]);
  });

  it('names exit codes, times and limits as the code has them', () => {
    expect(page).toContain(`The command ends with exit code ${exitCodes.refused.code},`);
    expect(page).toContain(`ended with exit code ${exitCodes.notHealthy.code}\n`);
    const exits = Object.values(phaseTransitions).flatMap((events) => Object.values(events).map((to) => to.exitCode));
    // 78 is that of settings, and 137 is that of SIGKILL.
    const known = new Set([...exits, EXIT_STALLED, 78, 137]);
    const shown = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.filter((code) => !known.has(code))).toEqual([]);
    expect(page).toContain(`decides within ${HOLD_TIMEOUT_MS / 60_000} minutes`);
    expect(page).toContain(`it fails after ${HEARTBEAT_LEASE_MS / 60_000} minutes`);
    const { rateLimits, gateDefaults } = new RuntimeSchema({ appEnv: 'production', logLevel: 'info' }).parse({});
    expect(page).toContain(`more than ${rateLimits.requestsPerMinute.toLocaleString('en')} times a minute`);
    expect([gateDefaults.bakeSeconds.production, page]).toEqual([600, expect.stringContaining('ten minutes in prod')]);
  });

  it('marks every block that a test can run as bash, and says sh where it needs the stack or the Podman of a host', () => {
    const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind, text = '']) => ({ kind, text }));
    const needsMore = /^(?:ops\/scripts\/|npm run logs |plimsoll deploy )/;
    for (const { kind, text } of blocks) {
      const lines = text.trim().replaceAll('\\\n', ' ').split('\n');
      const marked = { text, kind: lines.every((line) => needsMore.test(line)) ? 'sh' : 'bash' };
      expect({ text, kind }).toEqual(marked);
    }
  });
});
