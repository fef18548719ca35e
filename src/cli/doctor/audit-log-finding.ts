import { answered, type PlimsollClient, type Schemas } from '../../client/plimsoll-client.js';
import { doubtful, type Finding, well, wrong } from './finding.js';

type Seal = Schemas['AuditSeal'];

const PAGE = 20;
const MOST_TOLD = 5;

/** Verifies every seal of the audit log; whoever may not read it is told who may. */
export async function auditLogFinding(client: PlimsollClient, signal: AbortSignal): Promise<Finding> {
  const broken: Seal[] = [];
  let entries = 0;
  let last: Seal | null = null;
  for (;;) {
    const page: Schemas['AuditSeals'] | null = await pageAfter(client, last?.number ?? 0, signal);
    if (!page) return doubtful('audit log', 'not verified', 'An operator may verify it, on a server that seals it');
    for (const seal of page.items) {
      if (seal.number !== (last?.number ?? 0) + 1) return wrong('audit log', `seal ${seal.number - 1} is gone`, MEND);
      if (!seal.isIntact) broken.push(seal);
      entries += seal.entries;
      last = seal;
    }
    if (page.items.length < PAGE) return judge(broken, { entries, unsealed: page.unsealed, last });
  }
}

async function pageAfter(client: PlimsollClient, after: number, signal: AbortSignal) {
  const call = client.GET('/v1/audit/seals', { params: { query: { after, limit: PAGE } }, signal });
  // The server may be older than this command.
  return [403, 404].includes((await call).response.status) ? null : answered(call);
}

function judge(broken: Seal[], { entries, unsealed, last }: { entries: number; unsealed: number; last: Seal | null }) {
  if (broken.length > 0) return wrong('audit log', broken.slice(0, MOST_TOLD).map(faultsOf).join('; '), MEND);
  const newest = last ? `; newest seal ${last.number}:${last.hash}` : '';
  return well('audit log', `${entries} entries are as they were sealed, ${unsealed} are to be sealed${newest}`);
}

const MEND = 'See docs/how-to/verify-the-audit-log.md: compare with a backup, and find out who wrote to the database';

function faultsOf({ number, isChained, faults, faultCount }: Seal): string {
  const told = faults.slice(0, MOST_TOLD).map(({ entryId, kind }) => `${entryId} was ${kind}`);
  const chain = isChained ? [] : ['it does not follow from the one before'];
  const more = faultCount > told.length ? [`${faultCount - told.length} more`] : [];
  return `seal ${number}: ${[...chain, ...told, ...more].join(', ')}`;
}
