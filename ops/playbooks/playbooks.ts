import { compose } from '../drills/faults.ts';
import type { Playbook } from './playbook.ts';

const seed = 'node ops/playbooks/seed.ts';
/** The same image under another name, as another commit. */
const newer = `
  image=$(podman inspect --format '{{.ImageName}}' "\${COMPOSE_PROJECT_NAME}_app-1_1")
  printf 'FROM %s\\nENV GIT_SHA=newer\\n' "$image" |
    podman build --quiet --format docker --tag localhost/plimsoll-drills:newer --file - ops/playbooks`;
const runs = (sha: string) =>
  ['app-1', 'app-2'].map((name) => `ops/scripts/ask ${name} GET /info | grep -q '"gitSha":"${sha}"'`).join('\n');

/** Fills the volume, but never one that is larger than the one made for this. */
const fill = `
  ops/scripts/inside backup bash -c '
    cd /var/lib/postgresql
    (( $(df --output=size -BM . | tail -n 1 | tr -dc 0-9) < 2000 )) || { echo "this volume is not to be filled"; exit 1; }
    mkdir before-20260101T000000Z
    # It ends with "no space" once everything is taken: ext4 wants some for itself.
    fallocate --length "$(df --output=avail -B1 . | tail -n 1)" before-20260101T000000Z/database || true'
  while ops/scripts/inside postgres psql -U postgres -qc 'select pg_switch_wal()' >/dev/null 2>&1; do sleep 0.5; done`;

const endDeployment = `
  slot=$API/v1/services/checkout/environments/production
  active=$(curl -fsS "$slot" -H "Authorization: Bearer $TOKEN" | jq -c .activeDeployment)
  [[ $active == null ]] || curl -fsS "$API/v1/deployments/$(jq -r .id <<<"$active")/cancel" -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' -d "{\\"fence\\":$(jq .fence <<<"$active"),\\"reason\\":\\"done\\",\\"hostsChanged\\":false}"`;

const plantBadMigration = `
  image=$(podman inspect --format '{{.ImageName}}' "\${COMPOSE_PROJECT_NAME}_app-1_1")
  printf 'FROM %s\\nCOPY bad-migration.ts /app/migrations/1999999999999-planted-bad-migration.ts\\n' "$image" |
    podman build --quiet --format docker --tag localhost/plimsoll-drills:bad --file - ops/playbooks
  ops/scripts/roll localhost/plimsoll-drills:bad`;

/** Every page of docs/playbooks whose commands are executed, and how. */
export const playbooks: readonly Playbook[] = [
  {
    page: 'check-before-a-deployment',
    situation: 'A slot with two promoted releases.',
    arrange: seed,
    clients: 'answered',
  },
  {
    page: 'roll-back',
    situation: 'The second of two promoted releases runs, and the first comes back.',
    arrange: seed,
    clients: 'answered',
    proof: `plimsoll status production --service checkout --json | jq -es 'map(select(.type == "slot"))[0].activeDeployment == null'`,
  },
  {
    page: 'revoke-a-leaked-token',
    situation: 'A deployer token leaked.',
    arrange: `curl -fsS "$API/v1/tokens" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
      -d '{"name":"leaked","role":"deployer"}' | jq -r .token >"$FOLDER/leaked"`,
    environment: 'LEAKED=$(cat "$FOLDER/leaked")',
    clients: 'answered',
  },
  {
    page: 'lose-redis',
    situation: 'Redis was killed.',
    fault: compose('kill redis'),
    clients: 'answered',
  },
  {
    page: 'survive-an-unleash-outage',
    situation: 'Unleash was stopped.',
    arrange: seed,
    fault: compose('stop unleash'),
    tidy: endDeployment,
    clients: 'answered',
  },
  {
    page: 'lose-a-host',
    situation: 'An instance, which is also a host of a slot, was killed and removed.',
    arrange: seed,
    fault: 'podman rm --force --time 0 "${COMPOSE_PROJECT_NAME}_app-2_1"',
    clients: 'refused',
  },
  {
    page: 'upgrade-plimsoll',
    situation: 'The new version was the same build under another commit.',
    arrange: newer,
    environment: 'NEW=localhost/plimsoll-drills:newer',
    clients: 'answered',
    proof: runs('newer'),
    tidy: 'ops/scripts/roll --back',
  },
  {
    page: 'go-back-a-version',
    situation: 'Another version had just been rolled out.',
    arrange: `${newer}\nops/scripts/roll localhost/plimsoll-drills:newer`,
    clients: 'answered',
  },
  {
    page: 'undo-a-bad-migration',
    situation: 'A version was rolled out whose migration renames a column that the version before reads.',
    fault: plantBadMigration,
    environment: 'BAD=localhost/plimsoll-drills:bad',
    clients: 'refused',
  },
  {
    page: 'fail-over-the-database',
    situation: 'A standby followed; the primary ran until it was stopped.',
    clients: 'refused',
  },
  {
    page: 'scale-out',
    situation: 'Two instances ran.',
    clients: 'refused',
  },
  {
    page: 'free-a-full-disk',
    situation: 'A database kept by an earlier restore filled the volume until PostgreSQL ended.',
    fault: fill,
    clients: 'refused',
  },
  {
    page: 'rotate-secrets',
    situation: 'Every secret of the page was replaced.',
    clients: 'answered',
  },
  {
    page: 'rotate-other-secrets',
    situation: 'Every secret of the page was replaced.',
    clients: 'answered',
  },
  {
    page: 'renew-certificates',
    situation: "The proxy was restarted, and PostgreSQL's certificate and key were replaced.",
    clients: 'refused',
  },
  {
    page: 'rotate-the-backup-key',
    situation: 'The key was replaced, and the newest backup restored with it.',
    clients: 'refused',
  },
  {
    page: 'upgrade-postgresql',
    situation: 'The ledger was on a PostgreSQL 17 beside the stack, and the instances used that.',
    arrange: `${seed}\nops/playbooks/postgresql-17 move`,
    clients: 'refused',
    tidy: 'ops/playbooks/postgresql-17 remove',
  },
];
