import type { Unleash } from 'unleash-client';
import type { FlagsConfig } from './flags.config.js';
import type { Secrets } from '../config/secrets.js';
import type { Shutdown } from '../lifecycle/shutdown.js';
import type { OutboundCalls } from '../outbound/outbound-calls.js';
import type { BootstrapFlags } from './bootstrap-flags.js';
import { measureUnleash } from './unleash-calls.js';
import { bootstrapClient } from './unleash-clients.js';
import { UnleashConnection } from './unleash-connection.js';

export interface FlagClients {
  readonly bootstrap: Unleash;
  /** Null where no server is configured. */
  readonly connection: UnleashConnection | null;
}

interface Surroundings {
  readonly bootstrap: BootstrapFlags;
  readonly config: FlagsConfig;
  readonly secrets: Secrets;
  readonly outbound: OutboundCalls;
  readonly shutdown: Shutdown;
}

/**
 * Creates the clients, and begins to poll the server. Imported only when flags are opened, because the library is
 * large.
 */
export async function openFlags(surroundings: Surroundings): Promise<FlagClients> {
  const connection = connect(surroundings);
  return { bootstrap: await bootstrapClient(surroundings.bootstrap), connection };
}

function connect({ config, secrets, outbound, shutdown }: Surroundings): UnleashConnection | null {
  const { unleashUrl: url, unleashRefreshMs: refreshMs } = config;
  if (url === undefined) return null;
  const connection = new UnleashConnection({ url, refreshMs, token: () => secrets.get('unleashToken') ?? '' });
  // Before anything else, or the first request would be missed.
  const stopMeasuring = measureUnleash(outbound, connection);
  shutdown.steps.register('flags', 'measuring unleash', async () => stopMeasuring());
  shutdown.steps.register('flags', 'unleash', async () => connection.close());
  return connection;
}
