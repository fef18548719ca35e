#!/usr/bin/env bash
# First start: a role and a database for Plimsoll, one for Unleash, and a role that may only look for the exporter.
set -euo pipefail

secret() { printf '%s' "${DEVELOPMENT_PASSWORD:-$(cat "/secrets/$1")}"; }

# Not as arguments, which a list of processes shows; nor does pg_stat_statements, where it is loaded, keep them.
plimsoll=$(secret database-password) unleash=$(secret unleash-database-password) exporter=$(secret exporter-database-password) \
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv plimsoll plimsoll
\getenv unleash unleash
\getenv exporter exporter
SET pg_stat_statements.track_utility = off;
CREATE ROLE plimsoll LOGIN PASSWORD :'plimsoll';
CREATE DATABASE plimsoll OWNER plimsoll;
REVOKE ALL ON DATABASE plimsoll FROM PUBLIC;
CREATE ROLE unleash LOGIN PASSWORD :'unleash';
CREATE DATABASE unleash OWNER unleash;
REVOKE ALL ON DATABASE unleash FROM PUBLIC;
CREATE ROLE exporter LOGIN PASSWORD :'exporter' IN ROLE pg_monitor;
GRANT CONNECT ON DATABASE plimsoll TO exporter;
\connect plimsoll
-- What statements cost, for the exporter; it counts where the server was told to load it.
CREATE EXTENSION pg_stat_statements;
SQL
