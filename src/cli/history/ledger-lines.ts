import { answered, type PlimsollClient, type Schemas } from '../../client/plimsoll-client.js';
import { nextCursor } from '../ledger/pages.js';

const PAGE = 200;
/** Releases that are asked for at once: a list does not carry their commits. */
const AT_ONCE = 8;
const MOST_KNOWN = 10_000;

type Deployment = Schemas['DeploymentSummary'];
type Incident = Schemas['Incident'];

/** Where an export goes on: the list, by number, and the cursor of its page that is to be read next. */
export interface Place {
  readonly list: number;
  readonly cursor?: string | undefined;
}

/** Lines, and where to go on once they are written. */
export interface Part {
  readonly lines: readonly object[];
  readonly next: Place;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | undefined;
}

type ReadList = (cursor: string | undefined) => Promise<Page<object>>;

const FINAL = new Set<Deployment['state']>(['promoted', 'rejected', 'failed', 'cancelled', 'superseded']);

/** Reads a ledger, page by page, as the lines that an import takes. The same ledger always gives the same lines. */
export class LedgerLines {
  /** Deployments that are not over, and incidents of a service or an environment that the catalogue has not. */
  readonly leftOut = { deployments: 0, incidents: 0 };
  private readonly externalIds = new Map<string, string>();
  private readonly services = new Set<string>();
  private readonly environments = new Set<string>();

  constructor(
    private readonly client: PlimsollClient,
    private readonly signal: AbortSignal,
  ) {}

  async *from(place: Place): AsyncGenerator<Part> {
    const catalog = await this.catalog();
    const lists: ReadList[] = [
      async () => ({ items: catalog, cursor: undefined }),
      ...[...this.services].sort().map(
        (service): ReadList =>
          (cursor) =>
            this.releases(service, cursor),
      ),
      (cursor) => this.deployments(cursor),
      (cursor) => this.incidents(cursor),
    ];
    let cursor = place.cursor;
    for (const [list, read] of lists.entries()) {
      if (list < place.list) continue;
      do {
        const page = await read(cursor);
        cursor = page.cursor;
        yield { lines: page.items, next: cursor === undefined ? { list: list + 1 } : { list, cursor } };
      } while (cursor !== undefined);
    }
  }

  /** Small, and wanted as a whole: what follows refers to it. */
  private async catalog(): Promise<object[]> {
    const { client, signal } = this;
    const environments = await all((query) => client.GET('/v1/environments', { params: { query }, signal }));
    const services = await all((query) => client.GET('/v1/services', { params: { query }, signal }));
    for (const { slug } of environments) this.environments.add(slug);
    for (const { slug } of services) this.services.add(slug);
    return [
      ...environments.sort(by(({ slug }) => slug)).map(({ slug: environment, tier, description }) => {
        return { type: 'environment', environment, tier, description };
      }),
      ...services.sort(by(({ slug }) => slug)).map(({ slug: service, description, repository, owner }) => {
        return { type: 'service', service, description, repository, owner };
      }),
    ];
  }

  private async releases(service: string, after: string | undefined): Promise<Page<object>> {
    const { client, signal } = this;
    const { items, cursor } = await pageOf(after, (query) =>
      client.GET('/v1/services/{service}/releases', { params: { path: { service }, query }, signal }),
    );
    const read = async ({ digest }: { digest: string }): Promise<object> => {
      const path = { service, digest };
      const call = client.GET('/v1/services/{service}/releases/{digest}', { params: { path }, signal });
      return { type: 'release', ...(await answered(call)) };
    };
    const lines: object[] = [];
    for (let at = 0; at < items.length; at += AT_ONCE) {
      lines.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(read))));
    }
    return { items: lines, cursor };
  }

  private async deployments(after: string | undefined): Promise<Page<object>> {
    const { client, signal } = this;
    const { items, cursor } = await pageOf(after, (query) =>
      client.GET('/v1/deployments', { params: { query }, signal }),
    );
    const over = items.filter(({ state }) => FINAL.has(state));
    this.leftOut.deployments += items.length - over.length;
    for (const deployment of over) this.know(deployment);
    const lines: object[] = [];
    for (const deployment of over) lines.push(await this.deploymentLine(deployment));
    return { items: lines, cursor };
  }

  private async deploymentLine(deployment: Deployment): Promise<object> {
    const { service, environment, release, kind, state, createdAt, deployedAt, finishedAt } = deployment;
    const { remediates, hostsChanged, actor, bad, badReason } = deployment;
    return {
      type: 'deployment',
      externalId: externalIdOf(deployment),
      service,
      environment,
      digest: release.digest,
      kind,
      state,
      createdAt,
      deployedAt,
      finishedAt,
      remediatesExternalId: remediates === null ? null : await this.externalIdOf(remediates),
      ...(hostsChanged !== null && { hostsChanged }),
      actor: actor.slice(0, 200),
      badReason: bad ? (badReason ?? 'Marked as bad.') : null,
    };
  }

  private async incidents(after: string | undefined): Promise<Page<object>> {
    const { client, signal } = this;
    const { items, cursor } = await pageOf(after, (query) =>
      client.GET('/v1/incidents', { params: { query }, signal }),
    );
    const known = items.filter(({ service, environment }) => {
      return (
        (service === null || this.services.has(service)) && (environment === null || this.environments.has(environment))
      );
    });
    this.leftOut.incidents += items.length - known.length;
    const lines: object[] = [];
    for (const incident of known) lines.push(await this.incidentLine(incident));
    return { items: lines, cursor };
  }

  private async incidentLine(incident: Incident): Promise<object> {
    const { fingerprint, service, environment, startsAt, endsAt, labels, deploymentId, title, createdAt } = incident;
    const named = deploymentId === null ? null : await this.externalIdOf(deploymentId);
    const attribution = deploymentId === null ? { attribution: 'none' } : {};
    const subject = { type: 'incident', fingerprint, service, environment, startsAt, endsAt, labels };
    return { ...subject, deploymentExternalId: named, ...attribution, title, createdAt };
  }

  /** Asked for where it is not among the last that were seen. */
  private async externalIdOf(id: string): Promise<string> {
    const known = this.externalIds.get(id);
    if (known !== undefined) return known;
    const call = this.client.GET('/v1/deployments/{id}', { params: { path: { id } }, signal: this.signal });
    return this.know(await answered(call));
  }

  private know(deployment: Pick<Deployment, 'id' | 'externalId'>): string {
    const externalId = externalIdOf(deployment);
    this.externalIds.set(deployment.id, externalId);
    const [oldest] = this.externalIds.keys();
    if (this.externalIds.size > MOST_KNOWN && oldest !== undefined) this.externalIds.delete(oldest);
    return externalId;
  }
}

/** A deployment that was given none is known by its id. */
const externalIdOf = ({ id, externalId }: Pick<Deployment, 'id' | 'externalId'>): string => externalId ?? id;

interface Query {
  readonly limit: number;
  readonly cursor?: string;
}

type List<Item> = (query: Query) => Promise<{ data?: { items: Item[] }; error?: unknown; response: Response }>;

async function pageOf<Item>(cursor: string | undefined, list: List<Item>): Promise<Page<Item>> {
  const call = list({ limit: PAGE, ...(cursor !== undefined && { cursor }) });
  const { items } = await answered(call);
  return { items, cursor: nextCursor((await call).response) };
}

async function all<Item>(list: List<Item>): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | undefined;
  do {
    const { items, cursor: next } = await pageOf(cursor, list);
    found.push(...items);
    cursor = next;
  } while (cursor !== undefined);
  return found;
}

const by =
  <Item>(keyOf: (item: Item) => string) =>
  (one: Item, other: Item): number =>
    keyOf(one) < keyOf(other) ? -1 : 1;
