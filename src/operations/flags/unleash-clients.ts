import { InMemStorageProvider, Unleash, type UnleashConfig, UnleashEvents } from 'unleash-client';
import type { BootstrapFlags } from './bootstrap-flags.js';

export interface UnleashServer {
  readonly url: string;
  readonly refreshMs: number;
  /** Asked at every request, so that the token can change while the process runs. */
  readonly token: () => string;
}

const APP_NAME = 'plimsoll';
export const REQUEST_TIMEOUT_MS = 5000;

/** A client that asks nobody and judges what the bootstrap file says. */
export async function bootstrapClient({ content }: BootstrapFlags): Promise<Unleash> {
  const client = newClient({
    url: 'http://bootstrap.invalid',
    refreshInterval: 0,
    disableMetrics: true,
    bootstrap: { data: content.features, segments: content.segments ?? [] },
  });
  const ready = new Promise((resolve) => client.once(UnleashEvents.Ready, resolve));
  // Without a single flag it is never ready, and everything has its default.
  if (content.features.length > 0) await ready;
  return client;
}

/** A client that knows nothing until the server has answered. */
export function serverClient({ url, refreshMs, token }: UnleashServer): Unleash {
  return newClient({
    url,
    refreshInterval: refreshMs,
    timeout: REQUEST_TIMEOUT_MS,
    customHeadersFunction: async () => ({ Authorization: token() }),
  });
}

/** Ends what a client does in the background. It can still be asked, and says what it knew. */
export function retire(client: Unleash): void {
  client.destroy();
  // `destroy` takes the listeners away; a fetch under way that fails would then throw where nobody catches.
  client['repository'].on(UnleashEvents.Error, () => undefined);
}

function newClient(config: Omit<UnleashConfig, 'appName'>): Unleash {
  return new Unleash({
    appName: APP_NAME,
    skipInstanceCountWarning: true,
    // The default keeps the flags of some earlier process in a file, and calls itself ready with them.
    storageProvider: new InMemStorageProvider(),
    ...config,
  });
}
