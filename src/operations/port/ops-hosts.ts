import { isIP } from 'node:net';

const PORT = /:\d{0,5}$/;
const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);

/**
 * Which `Host` a request to the operations port may name: loopback, the address that is configured, and the names that
 * are allowed. A page in a browser on this machine could otherwise read everything here: it has the name of its own
 * server point to 127.0.0.1, and is then of the same origin. Where the port listens on every address, an address is
 * allowed too: no name leads to it.
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
