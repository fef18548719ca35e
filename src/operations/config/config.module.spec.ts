import { Module } from '@nestjs/common';
import { getConfigToken } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { ConfigModule } from './config.module.js';
import { loadSettings } from './load-settings.js';
import { settingsPart } from './settings-part.js';

const settings = loadSettings({
  APP_ENV: 'test',
  DATABASE_URL: 'postgres://app:a-password@db/p',
  PROMETHEUS_URL: 'http://prometheus:9090',
});
const prometheusConfig = settingsPart('prometheus', 'prometheusUrl');

class Asking {
  constructor(readonly config: unknown) {}
}

function moduleWith(imports: object[]): Promise<{ get(token: typeof Asking): Asking }> {
  class Feature {}
  const asking = {
    provide: Asking,
    inject: [prometheusConfig.KEY],
    useFactory: (config: unknown) => new Asking(config),
  };
  Module({ imports: imports as [], providers: [asking] })(Feature);
  return Test.createTestingModule({ imports: [ConfigModule.forRoot(settings), Feature] }).compile();
}

describe('the configuration of a module', () => {
  test('is its own part of the settings, frozen, and nothing else', async () => {
    const module = await moduleWith([ConfigModule.forFeature(prometheusConfig)]);
    const { config } = module.get(Asking);
    expect([config, Object.isFrozen(config)]).toEqual([{ prometheusUrl: 'http://prometheus:9090' }, true]);
  });

  test('has the token that Nest gives to a configuration of that name', () => {
    expect(prometheusConfig.KEY).toBe(getConfigToken('prometheus'));
  });

  test('is not there for a module that has not imported it', async () => {
    await expect(moduleWith([])).rejects.toThrow('CONFIGURATION(prometheus)');
  });
});
