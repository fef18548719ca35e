import { Writable } from 'node:stream';
import { Logger } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { loadSettings } from '../config/load-settings.js';
import { UnexpectedErrors } from '../errors/unexpected-errors.js';
import { NestLogger } from './nest-logger.js';
import { ServiceLog } from './service-log.js';

function aLog(level: string) {
  const lines: string[] = [];
  const stream = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) });
  const settings = loadSettings({ APP_ENV: 'test', DATABASE_URL: 'postgres://db/p', LOG_LEVEL: level });
  const log = new ServiceLog(settings, stream);
  const messages = async () => {
    await log.destination.flush(1000);
    const text = lines.join('').split('\n').slice(0, -1);
    return text.map((line) => (JSON.parse(line) as { msg: string }).msg);
  };
  return { log, messages };
}

describe('the level of a context', () => {
  test('counts for what is written past the logger of Nest as well', async () => {
    const { log, messages } = aLog('warn');
    log.levels.override('Gates', 'debug', 60_000);
    log.logger.info({ context: 'Lifecycle' }, 'not wanted');
    log.logger.debug({ context: 'Gates' }, 'wanted');
    log.logger.info('of root, not wanted');

    expect(await messages()).toEqual(['wanted']);
    expect(log.levels.has('Lifecycle')).toBe(true);
    expect(log.countOf('info')).toBe(0);
    log.levels.revert('Gates');
  });

  test('counts for what is written through it', async () => {
    const { log, messages } = aLog('warn');
    log.levels.override('Gates', 'debug', 60_000);
    const params = { pinoHttp: { logger: log.logger } };
    Logger.overrideLogger(new NestLogger(new PinoLogger(params), params, log, new UnexpectedErrors(null)));
    new Logger('Gates').debug('wanted');
    new Logger('Deployments').log('not wanted');

    expect(await messages()).toEqual(['wanted']);
    log.levels.revert('Gates');
  });
});
