import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clone } from '../scripts/clone.mjs';
import { green, red, runMain, say } from '../scripts/terminal.mjs';
import { alertmanagerText, nobodyElse } from './alertmanager/configuration.ts';
import { routeTests } from './alertmanager/route-tests.ts';
import { routes } from './alertmanager/routes.ts';
import { inPinnedImage, type Told } from './pinned-tools.ts';
import { alerts } from './rules.ts';
import { sentences, unitTestTexts } from './unit-tests.ts';

const everybody = {
  chat: true,
  deadMansSwitch: true,
  email: { to: 'on-call@example.com', from: 'plimsoll@example.com', smarthost: 'mail.example.com:587' },
};

const prometheus = join(clone, 'ops/prometheus');

interface Test {
  readonly name: string;
  /** How many things it says. */
  readonly count: number;
  run(folder: string): Promise<Told>;
}

const tests: readonly Test[] = [
  {
    name: 'promtool takes the configurations of Prometheus, and the rules',
    count: 3,
    run: () =>
      inPinnedImage(
        'prometheus',
        [
          'promtool check config /etc/prometheus/prometheus.yml',
          'promtool check config /etc/prometheus/hosts/prometheus.yml',
          'promtool check rules --lint=all --lint-fatal /etc/prometheus/rules/*.yml',
        ],
        [[prometheus, '/etc/prometheus']],
      ),
  },
  {
    name: `each of the ${alerts.length} alerts fires, stays silent and ends as its sentences say`,
    count: sentences().length,
    async run(folder) {
      for (const [alert, text] of Object.entries(unitTestTexts('/etc/prometheus/rules'))) {
        await writeFile(join(folder, `${alert}.yml`), text);
      }
      const folders = [
        [prometheus, '/etc/prometheus'],
        [folder, '/tests'],
      ] as const;
      return inPinnedImage('prometheus', ['promtool test rules /tests/*.yml'], folders);
    },
  },
  ...[['of the repository', nobodyElse] as const, ['with everybody who can be told', everybody] as const].map(
    ([which, people]): Test => ({
      name: `amtool takes the configuration ${which}, and sends each alert where it belongs`,
      count: 1 + routeTests.length,
      async run(folder) {
        await cp(join(clone, 'ops/alertmanager'), folder, { recursive: true });
        await writeFile(join(folder, 'alertmanager.yml'), alertmanagerText(people));
        return inPinnedImage('alertmanager', amtoolCommands(), [[folder, '/etc/alertmanager']]);
      },
    }),
  ),
];

function amtoolCommands(): string[] {
  const file = '/etc/alertmanager/alertmanager.yml';
  const render = ['title', 'text'].map(
    (name) =>
      `amtool template render --template.glob='/etc/alertmanager/templates/*' --template.text='{{ template "plimsoll.${name}" . }}'`,
  );
  const sent = routeTests.map(({ receivers, labels }) => {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    return `amtool config routes test --config.file=${file} --verify.receivers=${receivers.join(',')} ${pairs.join(' ')}`;
  });
  return [`amtool check-config ${file}`, ...render, ...sent];
}

/** `npm run rules:test`: needs Podman. */
async function main(): Promise<number> {
  let [passed, failed] = [0, 0];
  for (const { name, count, run } of [...tests, everyRouteIsTested]) {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-rules-'));
    const { exitCode, output } = await run(folder).finally(() => rm(folder, { recursive: true }));
    say(exitCode === 0 ? `${green('✓')} ${name}` : `${red('✗')} ${name}\n${output.replaceAll(/^/gm, '    ')}`);
    if (exitCode === 0) passed += count;
    else failed += 1;
  }
  say(`${passed} passed, ${failed} failed, 0 skipped`);
  return failed === 0 ? 0 : 1;
}

const everyRouteIsTested: Test = {
  name: 'every route has a test',
  count: 1,
  async run() {
    const reached = new Set(routeTests.flatMap(({ receivers }) => receivers));
    const untested = routes.filter(({ receiver }) => !reached.has(receiver)).map(({ receiver }) => receiver);
    return { exitCode: untested.length, output: `No test reaches ${untested.join(', ')}` };
  },
};

await runMain(main);
