/** What rows of drills break with, in the words of a shell. */

export const compose = (words: string) => `podman-compose -f podman-compose.yml ${words}`;

/** As the superuser of the stack's PostgreSQL. */
export const sql = (statement: string) =>
  `ops/scripts/inside postgres psql -U postgres -d plimsoll -qAtc "${statement}"`;

/** A session that somebody has left behind: it stays in the background until its connection is ended. */
const session = (statement: string) => `${sql(statement)} >/dev/null 2>&1 &`;

/** Nobody else gets at the table, not even to read it. */
export const lockTable = (table: string) =>
  session(`begin; lock table ${table} in access exclusive mode; select pg_sleep(3600)`);

/** Everybody gets at the table, but most of the time only after a wait. */
export const lockTableAgainAndAgain = (table: string) =>
  session(
    `do \\$\\$ begin for n in 1..3600 loop lock table ${table} in access exclusive mode; perform pg_sleep(2); commit; ` +
      `perform pg_sleep(0.1); end loop; end \\$\\$`,
  );

/** Evaluated by the main thread of an instance. */
export const within = (instance: string, expression: string) => `ops/drills/evaluate ${instance} '${expression}'`;

/** The instance made anew by the compose file, with something else in the environment. */
export const remade = (instance: string, environment: string) =>
  `${environment} ${compose(`up --detach --no-deps --force-recreate ${instance}`)}`;

export const writes = 'node ops/drills/load.ts PUT /v1/services/drill-{n} 20 50';
