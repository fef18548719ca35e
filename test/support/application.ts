import { createHash, randomBytes } from 'node:crypto';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Client } from 'pg';
import { register } from 'prom-client';
import { AppModule } from '../../src/app.module.js';
import { type Configuration, loadConfiguration } from '../../src/operations/config/load-settings.js';
import type { Settings } from '../../src/operations/config/settings.js';
import { StartupPhases } from '../../src/operations/health/startup-phases.js';
import { ProcessPhase } from '../../src/operations/lifecycle/process-phase.js';
import { ServiceLog } from '../../src/operations/logging/service-log.js';
import { OperationsModule } from '../../src/operations/operations.module.js';
import { configureOps, opsAdapter } from '../../src/operations/port/ops-application.js';
import { WriteLimit } from '../../src/operations/access/write-limit.js';
import { ROLES, type Role } from '../../src/platform/auth/principal.js';
import { Clock } from '../../src/platform/clock.js';
import { Database } from '../../src/platform/database/database.js';
import { configureHttp } from '../../src/platform/http/configure-http.js';
import { createHttpAdapter } from '../../src/platform/http/http-adapter.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export interface ApplicationOptions {
  readonly settings?: Partial<Settings>;
  readonly clock?: Clock;
  /** In place of the providers of the same token. */
  readonly providers?: ReadonlyArray<{ readonly provide: Type | symbol; readonly useValue: unknown }>;
  /** Controllers that a test adds for itself. */
  readonly controllers?: Type[];
  /** Another application on the same database, which whoever made it drops. */
  readonly databaseUrl?: string;
  /** Leaves the tokens of the database as they are. */
  readonly withoutTokens?: boolean;
}

export interface RequestOptions {
  /** The admin's unless said otherwise; null for none. */
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of an answer by its assertions
export interface Answer<Body = any> {
  readonly status: number;
  readonly headers: Headers;
  readonly contentType: string | null;
  readonly text: string;
  /** The JSON of the answer; null if it is not JSON. */
  readonly body: Body;
}

export interface Route {
  readonly method: string;
  readonly url: string;
}

/** What an answer that is this problem matches: `expect(answer).toMatchObject(problem(404, 'not-found'))`. */
export function problem(status: number, code: string, members: object = {}): object {
  const words = { title: expect.any(String), detail: expect.any(String) };
  const places = { instance: expect.stringMatching(/^\//), requestId: expect.stringMatching(/./) };
  const type = `urn:plimsoll:problem:${code}`;
  return { status, contentType: 'application/problem+json', body: { type, status, ...words, ...places, ...members } };
}

/** The real application on a database of its own, listening on a free port. */
export class TestApplication {
  constructor(
    readonly nest: NestFastifyApplication,
    /** Does not listen: `askOperations` asks it. */
    readonly operations: NestFastifyApplication,
    readonly databaseUrl: string,
    readonly tokens: Readonly<Record<Role, string>>,
    /** Every route that was registered. */
    readonly routes: readonly Route[],
    private readonly ownDatabase: TestDatabase | null,
  ) {}

  get database(): Database {
    return this.nest.get(Database);
  }

  get clock(): Clock {
    return this.nest.get(Clock);
  }

  /** `http://127.0.0.1:…`, without a slash at the end. */
  get url(): string {
    const address = this.nest.getHttpServer().address();
    return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : ''}`;
  }

  async request(method: string, path: string, { token, body, headers }: RequestOptions = {}): Promise<Answer> {
    const bearer = token === undefined ? this.tokens.admin : token;
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const contentType = response.headers.get('content-type');
    const isJson = text !== '' && contentType?.includes('json') === true;
    const { status, headers: answered } = response;
    return { status, headers: answered, contentType, text, body: isJson ? JSON.parse(text) : null };
  }

  async close(): Promise<void> {
    await this.nest.close();
    await this.operations.close();
    await this.ownDatabase?.drop();
  }
}

/** Starts the application as `main.ts` does, with a token of every role. Close it in `afterAll`. */
export async function startApplication(options: ApplicationOptions = {}): Promise<TestApplication> {
  const ownDatabase = options.databaseUrl === undefined ? await createTestDatabase() : null;
  const databaseUrl = options.databaseUrl ?? ownDatabase?.url ?? '';
  const tokens = options.withoutTokens ? noTokens : await insertTokens(databaseUrl);
  const environment = { APP_ENV: 'test', DATABASE_URL: databaseUrl, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent' };
  const configuration = loadConfiguration(environment);
  const settings: Settings = { ...configuration.settings, ...options.settings };
  const operations = await operationsOf({ ...configuration, settings }, options);
  const nest = await build(settings, operations, options);
  const routes: Route[] = [];
  nest
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ url, method }) => {
      for (const each of [method].flat()) routes.push({ method: each, url });
    });
  await configureHttp(nest);
  await nest.listen(settings.port, settings.host);
  await nest.get(StartupPhases).completed;
  nest.get(ProcessPhase).apply('started');
  return new TestApplication(nest, operations, databaseUrl, tokens, routes, ownDatabase);
}

/** A test may write more often than ten times a minute. */
const unlimited = { count: () => undefined };

async function operationsOf(
  configuration: Configuration,
  options: ApplicationOptions,
): Promise<NestFastifyApplication> {
  // Of several applications in this process, the newest one's metrics are shown.
  register.clear();
  const log = new ServiceLog(configuration.settings);
  const builder = Test.createTestingModule({ imports: [OperationsModule.forRoot(configuration, log)] });
  builder.overrideProvider(WriteLimit).useValue(unlimited);
  for (const { provide, useValue } of options.providers ?? []) builder.overrideProvider(provide).useValue(useValue);
  const module = await builder.compile();
  const operations = module.createNestApplication<NestFastifyApplication>(opsAdapter(), {
    logger: false,
    bodyParser: false,
  });
  configureOps(operations);
  return operations.init();
}

async function build(
  settings: Settings,
  operations: NestFastifyApplication,
  options: ApplicationOptions,
): Promise<NestFastifyApplication> {
  const builder = Test.createTestingModule({
    imports: [AppModule.forRoot(operations)],
    controllers: options.controllers ?? [],
  });
  if (options.clock) {
    builder.overrideProvider(Clock).useValue(options.clock);
  }
  for (const { provide, useValue } of options.providers ?? []) {
    builder.overrideProvider(provide).useValue(useValue);
  }
  const module = await builder.compile();
  return module.createNestApplication<NestFastifyApplication>(createHttpAdapter(settings), { logger: false });
}

const noTokens = Object.fromEntries(ROLES.map((role) => [role, ''])) as Record<Role, string>;

async function insertTokens(databaseUrl: string): Promise<Readonly<Record<Role, string>>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tokens = ROLES.map((role) => [role, `plm_${randomBytes(32).toString('base64url')}`] as const);
    for (const [role, token] of tokens) {
      await client.query('INSERT INTO tokens (id, name, role, sha256, created_at) VALUES ($1, $2, $2, $3, now())', [
        crypto.randomUUID(),
        role,
        createHash('sha256').update(token).digest(),
      ]);
    }
    return Object.fromEntries(tokens) as Record<Role, string>;
  } finally {
    await client.end();
  }
}
