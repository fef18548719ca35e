import { InMemStorageProvider, Unleash, type UnleashConfig, UnleashEvents } from 'unleash-client';
import type { BootstrapFlags } from './bootstrap-flags.js';

export interface UnleashServer {
  readonly url: string;
  readonly refreshMs: number;
  /** Called for every request, so that the token can change while the process runs. */
  readonly token: () => string;
}

const APP_NAME = 'plimsoll';
export const REQUEST_TIMEOUT_MS = 5000;

/** A client that sends no requests and evaluates the flags of the bootstrap file. */
export async function bootstrapClient({ content }: BootstrapFlags): Promise<Unleash> {
  const client = newClient({
    url: 'http://bootstrap.invalid',
    refreshInterval: 0,
    disableMetrics: true,
    bootstrap: { data: content.features, segments: content.segments ?? [] },
  });
  const ready = new Promise((resolve) => client.once(UnleashEvents.Ready, resolve));
  // Without any flag it never becomes ready, and every flag has its default.
  if (content.features.length > 0) await ready;
  return client;
}

/** A client that knows no flag until the server has answered. */
export function serverClient({ url, refreshMs, token }: UnleashServer): Unleash {
  return newClient({
    url,
    refreshInterval: refreshMs,
    timeout: REQUEST_TIMEOUT_MS,
    customHeadersFunction: async () => ({ Authorization: token() }),
  });
}

/** Stops the background work of a client. The client still answers with the last values. */
export function retire(client: Unleash): void {
  client.destroy();
  // `destroy` removes the listeners. If a running fetch then failed, its error would be uncaught.
  client['repository'].on(UnleashEvents.Error, () => undefined);
}

function newClient(config: Omit<UnleashConfig, 'appName'>): Unleash {
  return new Unleash({
    appName: APP_NAME,
    skipInstanceCountWarning: true,
    // The default stores the flags in a file, and reports ready with flags of an earlier process.
    storageProvider: new InMemStorageProvider(),
    ...config,
  });
}
