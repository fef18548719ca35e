import { isIP } from 'node:net';

const PORT = /:\d{0,5}$/;
const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);

/**
 * The `Host` values that a request to the operations port may have: loopback, the configured address, and the allowed
 * names. Otherwise a page in a browser on this machine could read everything here: it lets the name of its own server
 * resolve to 127.0.0.1, and then has the same origin. If the port listens on every address, any address is allowed too,
 * because no name is involved.
 */
export class OpsHosts {
  readonly #allowed: ReadonlySet<string>;
  readonly #takesAddresses: boolean;

  constructor(opsHost: string, allowed: readonly string[]) {
    this.#allowed = new Set(['localhost', '::1', opsHost, ...allowed].map(canonical));
    this.#takesAddresses = EVERY_ADDRESS.has(opsHost);
  }

  allows(hostAndPort: string): boolean {
    const host = canonical(hostAndPort.replace(PORT, '').replace(/^\[([\da-f:.]{2,45})\]$/i, '$1'));
    if (this.#allowed.has(host)) return true;
    const family = isIP(host);
    return (family === 4 && host.startsWith('127.')) || (family !== 0 && this.#takesAddresses);
  }
}

function canonical(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}
