import { Writable } from 'node:stream';
import { jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadSettings } from '../config/load-settings.js';
import { UnexpectedErrors } from '../errors/unexpected-errors.js';
import { ServiceLog } from '../logging/service-log.js';
import { Lifecycle, stragglersAfterMs } from './lifecycle.js';
import { ProcessPhase } from './process-phase.js';
import { Shutdown } from './shutdown.js';

const settings = loadSettings({
  APP_ENV: 'test',
  DATABASE_URL: 'postgres://127.0.0.1/plimsoll',
  SHUTDOWN_DELAY_MS: '5000',
  SHUTDOWN_DEADLINE_MS: '25000',
});

/** A process on a clock of its own, which tells what was done to it, and when. */
function aProcess(close: () => Promise<void> = async () => undefined) {
  const start = Date.now();
  const told: string[] = [];
  const tell = (what: string) => told.push(`${(Date.now() - start) / 1000} s: ${what}`);
  const devNull = new Writable({ write: (_chunk, _encoding, done) => done() });
  const log = new ServiceLog(settings, devNull);
  const errors = new UnexpectedErrors(null);
  const service = { settings, phase: new ProcessPhase(), shutdown: new Shutdown(), log, errors };
  const lifecycle = new Lifecycle(service, {
    closeListener: async () => void tell('listener closed'),
    exit: (code) => tell(`exit ${code}`),
  });
  service.shutdown.drainSignal.addEventListener('abort', () => tell('draining'));
  service.shutdown.stragglersSignal.addEventListener('abort', () => tell('stragglers aborted'));
  service.shutdown.steps.register('database', 'pool', async () => void tell('pool closed'));
  const application = {
    close: async () => {
      tell('closing');
      await close();
    },
    getHttpServer: () => ({ closeAllConnections: () => tell('connections closed') }),
  } as unknown as NestFastifyApplication;
  return { service, lifecycle, application, told };
}

function aReadyProcess(close?: () => Promise<void>) {
  const parts = aProcess(close);
  parts.lifecycle.application = parts.application;
  parts.service.phase.apply('started');
  return parts;
}

async function afterSeconds(seconds: number): Promise<void> {
  await jest.advanceTimersByTimeAsync(seconds * 1000);
}

describe('the lifecycle of the process', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] }));
  afterEach(() => jest.useRealTimers());

  test('drains, waits as a lame duck, closes, and ends with the listener', async () => {
    const { lifecycle, told } = aReadyProcess();
    lifecycle.onSignal('SIGTERM');
    await afterSeconds(6);

    expect(told).toEqual(['0 s: draining', '5 s: closing', '5 s: pool closed', '5 s: listener closed', '5 s: exit 0']);
  });

  test('aborts stragglers 5 s before the deadline, and ends with 124 at it', async () => {
    const { lifecycle, told } = aReadyProcess(() => new Promise(() => undefined));
    lifecycle.onSignal('SIGTERM');
    await afterSeconds(30);

    expect(told).toEqual([
      '0 s: draining',
      '5 s: closing',
      '20 s: stragglers aborted',
      '20.25 s: connections closed',
      '25 s: exit 124',
    ]);
  });

  test('ends clean when the stragglers let go', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { service, lifecycle, told } = aReadyProcess(() => promise);
    service.shutdown.stragglersSignal.addEventListener('abort', () => resolve());
    lifecycle.onSignal('SIGTERM');
    await afterSeconds(21);

    expect(told).toContain('20 s: exit 0');
  });

  test('does not wait for anybody to notice when it was never ready', async () => {
    const { lifecycle, told } = aProcess();
    lifecycle.onSignal('SIGTERM');
    await afterSeconds(1);

    expect(told).toEqual(['0 s: draining', '0 s: pool closed', '0 s: listener closed', '0 s: exit 0']);
  });

  test('takes the same path after a fatal error, with 70', async () => {
    const { lifecycle, told } = aReadyProcess();
    lifecycle.onFatal(new Error('nobody caught this'));
    await afterSeconds(6);

    expect(told.at(0)).toBe('0 s: draining');
    expect(told.at(-1)).toBe('5 s: exit 70');
  });

  test('ends with 70 when closing fails, with everything else closed', async () => {
    const { lifecycle, told } = aReadyProcess(() => Promise.reject(new Error('cannot close')));
    lifecycle.onSignal('SIGTERM');
    await afterSeconds(6);

    expect(told.slice(2)).toEqual(['5 s: pool closed', '5 s: listener closed', '5 s: exit 70']);
  });

  test('ends at once with 130 on a second signal', async () => {
    const { lifecycle, told } = aReadyProcess();
    lifecycle.onSignal('SIGTERM');
    await afterSeconds(1);
    lifecycle.onSignal('SIGINT');
    await afterSeconds(0.1);

    expect(told).toEqual(['0 s: draining', expect.stringMatching(/^1(\.\d)? s: exit 130$/)]);
  });
});

it.each([
  [5000, 25_000, 20_000],
  [0, 5000, 2500],
  [5000, 6000, 5500],
])('with a delay of %i ms and a deadline of %i ms stragglers have until %i ms', (delay, deadline, until) => {
  expect(stragglersAfterMs(delay, deadline)).toBe(until);
});
