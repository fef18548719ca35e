import { readFile } from 'node:fs/promises';
import { type Answer, Api, asks, eventually } from './api.js';
import { compose, containerOf, healthy, podman, project, unleashPort } from './stack.mjs';
import { UnleashUi } from './unleash-ui.js';

interface Bootstrap {
  features: { name: string }[];
}

const digest = `sha256:${'2'.repeat(64)}`;

describe('the flags in the pages of Unleash', () => {
  let api: Api;
  let ui: UnleashUi;
  let publishedBefore: string;

  beforeAll(async () => {
    api = await Api.connect();
    await api.send('PUT', '/v1/environments/production', { tier: 'production' });
    await api.send('PUT', '/v1/services/switched', { description: 'What is frozen by a switch' });
    await api.send('PUT', `/v1/services/switched/releases/${digest}`, { version: '1.0.0', gitSha: '2'.repeat(40) });
    await Promise.all(['app-1', 'app-2'].map(hearsUnleash));
    publishedBefore = await published();
    await compose('--profile', 'unleash-ui', 'up', '--detach', '--no-deps', 'unleash-proxy');
    await healthy('unleash-proxy');
    ui = await UnleashUi.open();
    await ui.signIn();
  });

  afterAll(async () => {
    await ui?.close();
    api.close();
    await podman('rm', '--force', '--time', '5', containerOf('unleash-proxy'));
  });

  it('are published on loopback alone, and only with their profile', async () => {
    expect(publishedBefore).not.toContain(String(unleashPort));
    expect(await published()).toContain(`127.0.0.1:${unleashPort}->8444/tcp`);
  });

  it('shows every flag that Plimsoll asks for', async () => {
    const { features } = JSON.parse(await readFile('config/flags.bootstrap.json', 'utf8')) as Bootstrap;
    const shown = await ui.flagsBeside('deploy-freeze');
    expect(shown.sort()).toEqual(features.map(({ name }) => name).sort());
  });

  it('freezes production on every instance within 20 s of the switch, and lets it through again', async () => {
    expect(await tryTwice()).toContain('created');

    await ui.toggle('deploy-freeze', 'production', true);
    await eventually(tryTwice, (outcomes) => outcomes.every((outcome) => outcome === '409 frozen'), 20_000);
    const { body } = await api.send('GET', '/v1/environments/production/freeze');
    expect(body).toMatchObject({ frozen: true, nextOpen: null, reasons: [{ kind: 'flag', until: null }] });

    await ui.toggle('deploy-freeze', 'production', false);
    await eventually(tryTwice, (outcomes) => outcomes.includes('created'), 20_000);
  });

  /** The proxy gives two requests in a row to both instances. A slot that was let through is freed at once. */
  async function tryTwice(): Promise<string[]> {
    const answers = [
      await api.deploy('switched', 'production', digest),
      await api.deploy('switched', 'production', digest),
    ];
    for (const { status, body } of answers) {
      const end = { fence: body['fence'], reason: 'only tried', hostsChanged: false };
      if (status === 201) await api.send('POST', `/v1/deployments/${String(body['id'])}/cancel`, end);
    }
    return answers.map(outcomeOf);
  }
});

function published(): Promise<string> {
  return podman('ps', '--filter', `label=io.podman.compose.project=${project}`, '--format', '{{.Ports}}');
}

function outcomeOf({ status, body }: Answer): string {
  return status === 201 ? 'created' : `${status} ${String(body['type']).split(':').at(-1)}`;
}

/** A client that was not answered for a while, by then, asks less often: up to three minutes. */
function hearsUnleash(instance: string): Promise<string> {
  return eventually(
    () => asks(instance, '/readyz'),
    (text) => text.startsWith('200 {"status":"ready"'),
    180_000,
  );
}
