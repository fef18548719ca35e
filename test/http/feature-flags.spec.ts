import { Secrets } from '../../src/operations/config/secrets.js';
import { SETTINGS, type Settings } from '../../src/operations/config/settings.js';
import { BootstrapFlags } from '../../src/operations/flags/bootstrap-flags.js';
import { FeatureFlags } from '../../src/operations/flags/feature-flags.js';
import { HealthChecks } from '../../src/operations/health/health-checks.js';
import { OutboundCalls } from '../../src/operations/outbound/outbound-calls.js';
import { type TestApplication, startApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { FakeUnleash } from '../support/an-unleash.js';
import { askOperations, operationsSettings } from '../support/operations.js';

const NOBODY_TOLD = new BootstrapFlags({ version: 2, features: [] });

describe('feature flags', () => {
  let unleash: FakeUnleash;
  let app: TestApplication;

  beforeEach(async () => {
    unleash = await FakeUnleash.start();
  });
  afterEach(async () => {
    await app.close();
    await unleash.goAway();
  });

  const start = async (settings: object = unleash.settings, bootstrap?: BootstrapFlags) => {
    const providers = bootstrap ? [{ provide: BootstrapFlags, useValue: bootstrap }] : [];
    app = await startApplication({ settings: { ...operationsSettings, ...settings }, providers });
    return app.nest.get(FeatureFlags);
  };
  const synchronised = async () => {
    const flags = await start();
    await eventually(() => expect(flags.state().stale).toBe(false));
    return flags;
  };

  describe('without a server', () => {
    it('have the values of the bootstrap file, and are known', async () => {
      const content = { version: 2, features: [{ name: 'deploy-freeze', enabled: true, strategies: [] }] };
      const flags = await start({}, new BootstrapFlags(content));
      expect(flags.isEnabled('deploy-freeze')).toBe(true);
      expect(flags.state()).toEqual({
        configured: false,
        lastSuccess: null,
        stale: false,
        sources: { 'deploy-freeze': 'bootstrap', 'automatic-rollback': 'default' },
      });
    });

    it('have their defaults where the bootstrap file does not name them', async () => {
      const flags = await start({}, NOBODY_TOLD);
      expect(flags.isEnabled('deploy-freeze')).toBe(false);
      expect(flags.isEnabled('automatic-rollback')).toBe(true);
    });
  });

  describe('with a server', () => {
    it('have its values, and their defaults where it does not name them', async () => {
      unleash.set('deploy-freeze', true);
      const flags = await synchronised();
      expect(flags.isEnabled('deploy-freeze')).toBe(true);
      expect(flags.isEnabled('automatic-rollback')).toBe(true);
      expect(flags.state().sources).toEqual({ 'deploy-freeze': 'server', 'automatic-rollback': 'default' });
      expect(unleash.registrations).toBeGreaterThan(0);
    });

    it('follow it without a restart', async () => {
      const flags = await synchronised();
      unleash.set('deploy-freeze', true);
      await eventually(() => expect(flags.isEnabled('deploy-freeze')).toBe(true));
      unleash.archive('deploy-freeze');
      await eventually(() => expect(flags.isEnabled('deploy-freeze')).toBe(false));
    });

    it('tell environments and services apart', async () => {
      unleash.set('deploy-freeze', true, [
        {
          name: 'default',
          constraints: [
            { contextName: 'environment', operator: 'IN', values: ['production'] },
            { contextName: 'service', operator: 'NOT_IN', values: ['checkout'] },
          ],
        },
      ]);
      const flags = await synchronised();
      const isFrozen = (environment: string, service: string | null) =>
        flags.isEnabled('deploy-freeze', { environment, service });
      expect(isFrozen('production', 'search')).toBe(true);
      expect(isFrozen('production', null)).toBe(true);
      expect(isFrozen('production', 'checkout')).toBe(false);
      expect(isFrozen('staging', 'search')).toBe(false);
    });

    it('stay fresh while nothing changes, at the price of a 304', async () => {
      const flags = await synchronised();
      const { lastSuccess } = flags.state();
      // A client that is slow to answer is replaced, and the new one has no tag yet.
      await eventually(() => expect(unleash.answers).toContain(304), 25_000);
      await eventually(() => expect(flags.state().lastSuccess!.getTime()).toBeGreaterThan(lastSuccess!.getTime()));
    });
  });

  describe('when the server fails', () => {
    it.each([401, 403, 404, 429, 500, 503])(
      'count as they were last known through a %i, and recover',
      async (status) => {
        unleash.set('deploy-freeze', true);
        const flags = await synchronised();
        unleash.refusesWith = status;
        await eventually(() => expect(unleash.answers.filter((answer) => answer === status).length).toBeGreaterThan(1));
        expect(flags.isEnabled('deploy-freeze')).toBe(true);
        unleash.set('deploy-freeze', false);
        unleash.refusesWith = null;
        await eventually(() => expect(flags.isEnabled('deploy-freeze')).toBe(false));
      },
    );

    it('count as they were last known while it is away, and recover when it is back', async () => {
      unleash.set('deploy-freeze', true);
      const flags = await synchronised();
      const check = app.nest
        .get(HealthChecks)
        .states()
        .find((state) => state.check.name === 'unleash')!.check;
      await unleash.goAway();
      await eventually(() => expect(check.check(AbortSignal.timeout(1000))).rejects.toMatchObject({ code: 'silent' }));
      expect(flags.isEnabled('deploy-freeze')).toBe(true);
      unleash.set('deploy-freeze', false);
      await unleash.comeBack();
      await eventually(() => expect(flags.isEnabled('deploy-freeze')).toBe(false));
      await expect(check.check(AbortSignal.timeout(1000))).resolves.toBeUndefined();
    });

    it('show its circuit as open, and every question in the durations of calls', async () => {
      await synchronised();
      const outbound = app.nest.get(OutboundCalls);
      expect(outbound.states()).toEqual([{ peer: 'unleash', state: 'closed' }]);
      unleash.refusesWith = 503;
      await eventually(() => expect(outbound.states()).toEqual([{ peer: 'unleash', state: 'open' }]));
      const { values } = await outbound.durations.get();
      const classes = new Set(values.map(({ labels }) => JSON.stringify([labels.peer, labels.status_class])));
      expect([...classes]).toEqual(expect.arrayContaining(['["unleash","2xx"]', '["unleash","5xx"]']));
    });

    it('are asked for with the token of now, when it was changed', async () => {
      const flags = await start({ ...unleash.settings, unleashToken: 'a-token-that-has-expired' });
      await eventually(() => expect(unleash.answers).toContain(401));
      app.nest.get(Secrets).replace({ ...app.nest.get<Settings>(SETTINGS), unleashToken: unleash.token });
      await eventually(() => expect(flags.state().stale).toBe(false));
    });

    it('do not keep the service from being ready', async () => {
      unleash.refusesWith = 401;
      await start();
      const degraded = { status: 200, body: { status: 'degraded', reasons: ['unleash'] } };
      await eventually(async () => expect(await app.request('GET', '/readyz')).toMatchObject(degraded));
    });

    it('are stale from the start until it has answered, and again 5 min after the last time', async () => {
      unleash.refusesWith = 401;
      const flags = await start();
      expect(flags.state()).toMatchObject({ configured: true, lastSuccess: null, stale: true });
      unleash.refusesWith = null;
      await eventually(() => expect(flags.state().stale).toBe(false));
      await unleash.goAway();
      const { lastSuccess } = flags.state();
      const after = (ms: number) => new Date(lastSuccess!.getTime() + ms);
      expect(flags.state(after(300_000)).stale).toBe(false);
      expect(flags.state(after(300_001)).stale).toBe(true);
    });
  });

  describe('for whoever operates', () => {
    it('are listed with value, source and owner, to those who have the token', async () => {
      unleash.set('deploy-freeze', true, [
        { name: 'default', constraints: [{ contextName: 'environment', operator: 'IN', values: ['production'] }] },
      ]);
      await synchronised();
      const { status, body } = await askOperations(app, 'GET', '/flags');
      expect(status).toBe(200);
      expect(body).toMatchObject({ configured: true, lastSuccess: expect.any(String), stale: false });
      expect(body.flags).toEqual([
        expect.objectContaining({ name: 'deploy-freeze', enabled: false, constrained: true, source: 'server' }),
        expect.objectContaining({ name: 'automatic-rollback', enabled: true, constrained: false, source: 'default' }),
      ]);
      expect(await askOperations(app, 'GET', '/flags', { token: 'wrong' })).toMatchObject({ status: 401 });
    });

    it('are counted in the metrics', async () => {
      const flags = await synchronised();
      flags.isEnabled('deploy-freeze', { environment: 'production' });
      const { text } = await askOperations(app, 'GET', '/metrics');
      expect(text).toContain('feature_flag_evaluations_total{flag="deploy-freeze",result="false"} 1');
      expect(text).toMatch(/^feature_flags_last_success_timestamp_seconds 1\d{9}/m);
    });
  });
});

describe('the bootstrap file', () => {
  it('names every declared flag, with its default, and no other', async () => {
    const { declaredFlags } = await import('../../src/operations/flags/declared-flags.js');
    const shipped = BootstrapFlags.read().content.features.map(({ name, enabled }) => [name, enabled]);
    expect(shipped).toEqual(Object.entries(declaredFlags).map(([name, flag]) => [name, flag.default]));
  });
});
