import { randomUUID } from 'node:crypto';
import { Api, eventually } from './api.js';

const good = `sha256:${'7'.repeat(64)}`;
const bad = `sha256:${'8'.repeat(64)}`;
const slot = '/v1/services/plimsoll/environments/witnessed';

/** Everything that means something in PromQL, in its strings, or in a regular expression. */
const VERSION = `.*|1"} or vector(1) or up{a='\\\`\n[0-9]+(?i)$^{2}`;

const requests = 'http_server_request_duration_seconds_count{job="{service}"';
const errorRatio = {
  name: 'error-ratio',
  type: 'prometheus',
  query: `(sum(rate(${requests},status_code="404"}[1m])) or vector(0)) / sum(rate(${requests}}[1m]))`,
  initialDelaySeconds: 0,
  intervalSeconds: 5,
  expect: [{ field: 'value', op: 'lt', value: 0.5 }],
};
const counting = (name: string, matcher: string, value: number) => ({
  ...errorRatio,
  name,
  query: `count(up{job="plimsoll",${matcher}}) or vector(0)`,
  expect: [{ field: 'value', op: 'eq', value }],
});

describe('a gate that asks the Prometheus of the stack, which scrapes the instances', () => {
  let api: Api;
  beforeAll(async () => {
    api = await Api.connect();
    await api.send('PUT', '/v1/environments/witnessed', { tier: 'development' });
    await api.send('PUT', '/v1/services/plimsoll', { description: 'Watched by itself' });
    await api.send('PUT', `/v1/services/plimsoll/releases/${good}`, { version: VERSION, gitSha: '7'.repeat(40) });
    await api.send('PUT', `/v1/services/plimsoll/releases/${bad}`, { version: '2.0.0', gitSha: '8'.repeat(40) });
  });
  afterAll(() => api.close());

  const put = async (bakeSeconds: number, checks: object[]) =>
    expect(await api.send('PUT', `${slot}/gate`, { warmUpSeconds: 0, bakeSeconds, checks })).toMatchObject({
      status: 200,
    });

  const dryRun = async () => {
    const { body } = await api.send('POST', `${slot}/gate/dry-run`, {});
    return body['checks'] as { check: string; outcome: string; value: number; read: { series?: number } }[];
  };

  /** Deploys, asks for this path again and again, and answers the verdict. */
  async function deployed(digest: string, path: string) {
    const { body: made } = await api.deploy('plimsoll', 'witnessed', digest);
    await api.send('POST', `/v1/deployments/${String(made['id'])}/deployed`, { fence: made['fence'] });
    const ask = async () => {
      await Promise.all(Array.from({ length: 5 }, () => api.send('GET', path)));
      return (await api.send('GET', `/v1/deployments/${String(made['id'])}/verdict`)).body;
    };
    return eventually(ask, ({ verdict }) => verdict !== 'pending', 150_000);
  }

  it('learns at once from a dry run that a query answers two series', async () => {
    await put(20, [{ ...errorRatio, query: 'up{job="{service}"}' }]);
    // It takes a scrape until both instances are known.
    const [check] = await eventually(dryRun, ([one]) => one?.read.series === 2, 60_000);
    expect(check).toMatchObject({ outcome: 'error', value: null });
  });

  it('promotes a release whose error ratio is low, and rolls back one whose ratio rises', async () => {
    await put(20, [errorRatio]);
    // The rate of a minute needs two scrapes.
    await eventually(dryRun, ([one]) => one?.outcome === 'pass', 60_000);
    expect(await deployed(good, '/v1/services')).toMatchObject({ verdict: 'promote' });
    await put(140, [errorRatio]);
    expect(await deployed(bad, `/nowhere-${randomUUID()}`)).toMatchObject({
      verdict: 'rollback',
      rollbackTo: { digest: good },
      reasons: [{ code: 'check-failed', check: 'error-ratio' }],
    });
  });

  it('asks what it was told, whatever a release is called', async () => {
    await api.send('PUT', `${slot}/gate`, { ungated: 'a test' });
    await deployed(good, '/v1/services');
    await put(20, [
      counting('is', 'version="{release.version}"', 0),
      counting('is not', `version!='{release.version}'`, 2),
      counting('matches', 'job=~"{release.version}"', 0),
      counting('does not match', `job!~'{release.version}'`, 2),
    ]);
    const outcomes = (await dryRun()).map(({ check, outcome, value }) => [check, outcome, value]);
    expect(outcomes).toEqual([
      ['is', 'pass', 0],
      ['is not', 'pass', 2],
      ['matches', 'pass', 0],
      ['does not match', 'pass', 2],
    ]);
  });
});
