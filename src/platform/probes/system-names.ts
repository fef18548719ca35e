import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isIP } from 'node:net';
import { join } from 'node:path';

/** Where names are looked up: the hosts file, or the name servers. */
export interface NameSource {
  readonly kind: 'files' | 'dns';
  /** A name that this source does not know is not looked up in those after it. */
  readonly isFinal: boolean;
}

/** How this system has names resolved. */
export interface NameConfiguration {
  readonly sources: readonly NameSource[];
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  readonly servers: readonly string[];
  readonly search: readonly string[];
  /** A name with fewer dots is first looked up in the domains of `search`. */
  readonly ndots: number;
  readonly timeoutMs: number;
  readonly attempts: number;
}

const DEFAULT_SOURCES: readonly NameSource[] = [
  { kind: 'files', isFinal: false },
  { kind: 'dns', isFinal: false },
];
/** systemd-resolved is a name server too. What else there may be, such as mDNS, is left out, with what is said of it. */
const KINDS: Readonly<Record<string, NameSource['kind']>> = { files: 'files', dns: 'dns', resolve: 'dns' };
const ENDS_WHERE_NOT_FOUND = ['NOTFOUND=RETURN', '!UNAVAIL=RETURN', '!SUCCESS=RETURN'];

const VALID_MS = 1000;
const MOST_SERVERS = 3;
const MOST_SEARCHED = 32;

/** What `/etc` says of names, as it is now: containers have these files rewritten while they run. */
export class SystemNames {
  private last: { readonly text: string; readonly configuration: NameConfiguration } | null = null;
  private reading: { readonly until: number; readonly result: Promise<NameConfiguration> } | null = null;

  constructor(private readonly folder = '/etc') {}

  /** At most a second old. */
  current(): Promise<NameConfiguration> {
    const now = performance.now();
    if (!this.reading || this.reading.until < now) this.reading = { until: now + VALID_MS, result: this.read() };
    return this.reading.result;
  }

  private async read(): Promise<NameConfiguration> {
    const [hosts = '', order = '', resolver = ''] = await Promise.all(
      ['hosts', 'nsswitch.conf', 'resolv.conf'].map((name) =>
        readFile(join(this.folder, name), 'utf8').catch(() => ''),
      ),
    );
    const text = JSON.stringify([hosts, order, resolver]);
    if (this.last?.text !== text) {
      this.last = {
        text,
        configuration: { hosts: hostsOf(hosts), sources: sourcesOf(order), ...resolverOf(resolver) },
      };
    }
    return this.last.configuration;
  }
}

function hostsOf(text: string): Map<string, string[]> {
  const hosts = new Map<string, string[]>();
  for (const [address = '', ...names] of linesOf(text, '#')) {
    // One with a zone, as macOS has it for localhost, is no address of a URL.
    if (isIP(address) === 0 || address.includes('%')) continue;
    for (const name of names.map((one) => one.toLowerCase())) hosts.set(name, [...(hosts.get(name) ?? []), address]);
  }
  return hosts;
}

function sourcesOf(text: string): readonly NameSource[] {
  const line = linesOf(text, '#').find(([database]) => database?.toLowerCase() === 'hosts:') ?? [];
  const sources: NameSource[] = [];
  let isKnown = false;
  for (const word of line.slice(1).map((one) => one.toUpperCase())) {
    const kind = KINDS[word.toLowerCase()];
    const isAction = word.startsWith('[') || word.endsWith(']');
    if (isAction && isKnown && ENDS_WHERE_NOT_FOUND.some((action) => word.includes(action))) {
      const named = sources.pop();
      if (named) sources.push({ ...named, isFinal: true });
    }
    if (isAction) continue;
    isKnown = kind !== undefined && !sources.some((source) => source.kind === kind);
    if (kind && isKnown) sources.push({ kind, isFinal: false });
  }
  return sources.length > 0 ? sources : DEFAULT_SOURCES;
}

function resolverOf(text: string): Omit<NameConfiguration, 'hosts' | 'sources'> {
  const servers: string[] = [];
  let search = [hostname().split('.').slice(1).join('.')];
  const options = new Map<string, number>();
  for (const [keyword, ...values] of linesOf(text, '#', ';')) {
    if (keyword === 'nameserver' && isServer(values[0] ?? '')) servers.push(values[0] ?? '');
    // The last of these is the one that counts.
    if (keyword === 'search' || keyword === 'domain') search = values;
    if (keyword !== 'options') continue;
    for (const [name = '', value] of values.map((option) => option.split(':'))) options.set(name, Number(value));
  }
  const option = (name: string, usual: number, most: number): number => {
    const value = options.get(name) ?? usual;
    return value >= 0 ? Math.min(value, most) : usual;
  };
  return {
    servers: servers.length > 0 ? servers.slice(0, MOST_SERVERS) : ['127.0.0.1'],
    search: search
      .map((domain) => domain.replace(/\.$/, ''))
      .filter((domain) => domain !== '')
      .slice(0, MOST_SEARCHED),
    ndots: option('ndots', 1, 15),
    timeoutMs: option('timeout', 5, 30) * 1000,
    attempts: option('attempts', 2, 5),
  };
}

/** An address, maybe with a port: one that is none would have all of them refused. */
function isServer(text: string): boolean {
  const [address = ''] = text.startsWith('[') ? text.slice(1).split(']') : isIP(text) ? [text] : text.split(':');
  return isIP(address) !== 0;
}

/** The words of each line, without comments. */
function linesOf(text: string, ...comments: string[]): string[][] {
  return text.split('\n').map((line) => {
    const ends = comments.map((mark) => line.indexOf(mark)).filter((at) => at >= 0);
    return line
      .slice(0, Math.min(line.length, ...ends))
      .split(/\s/)
      .filter((word) => word !== '');
  });
}
