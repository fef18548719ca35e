import { servicePlanOf } from '../deploy/service-plan.js';
import { standingOf, type HostStanding } from '../hosts/deploy-on-hosts.js';
import { holderText } from '../hosts/journal.js';
import { shortDigest } from '../output/text.js';
import type { SlotSettings } from '../plimsoll-file/plimsoll-file.js';
import { doubtful, type Finding, well } from './finding.js';
import { settingsFindings } from './settings-findings.js';

/** Whether the Podman of each host answers, what is begun there, and with what the containers that serve run. */
export async function* hostFindings(settings: SlotSettings, path: string): AsyncGenerator<Finding> {
  const standings = await standingOf(servicePlanOf(settings));
  for (const standing of standings) yield findingOf(standing);
  yield* settingsFindings(settings, path, standings);
}

function findingOf({ host, unreachable, live, differing, journal, unreported }: HostStanding): Finding {
  const what = `host ${host}`;
  if (unreachable !== null) {
    // Whoever changes hosts by other means has no need of it.
    const mend =
      'For plimsoll deploy its Podman has to listen (systemctl enable --now podman.socket), and ssh to log in';
    return doubtful(what, unreachable, mend);
  }
  if (journal !== null) {
    return doubtful(what, holderText(host, journal), 'If that was cut off: plimsoll deploy --resume, or --abort');
  }
  if (unreported.length > 0) {
    const detail = `${unreported.length} deployed without the ledger, which has not heard of it`;
    return doubtful(what, detail, 'plimsoll report');
  }
  if (differing.length > 0) {
    const detail = `serves ${live === null ? 'nothing' : shortDigest(live.digest)} with other settings than plimsoll.yml: ${differing.join(', ')}`;
    return doubtful(what, detail, 'Deploy the same release again, and its containers are made anew');
  }
  return well(what, live === null ? 'its Podman answers; it serves nothing yet' : `serves ${shortDigest(live.digest)}`);
}
