# What the programs of this folder share; they run in the container of the service backup, as its user.
# shellcheck shell=bash disable=SC2034
set -euo pipefail

stanza=plimsoll backups=/backups dumps=/backups/dumps state=/backups/state key=/etc/pgbackrest/conf.d/key.conf
live=/var/lib/postgresql/18/docker socket=/var/run/postgresql
databases=(plimsoll unleash)

# Every fault has a name, and an exit code by which programs know it. docs/how-to/back-up-and-restore.md lists them.
declare -A exit_codes=(
  [failed]=1 [usage]=64 [no-backup]=66 [not-running]=69 [busy]=75 [timed-out]=80 [wrong-key]=81 [damaged]=82
  [no-room]=83 [unreachable-time]=84 [older-schema]=85 [newer-schema]=86 [other-database]=87 [unknown-table]=88
)

say() { printf '%s\n' "$*"; }
fault() {
  printf '%s: %s\n' "$1" "${*:2}" >&2
  exit "${exit_codes[$1]}"
}

# limited SECONDS COMMAND...: its output is kept, and tells which fault it is if it fails.
limited() {
  local seconds=$1 output status=0
  shift
  output=$(timeout --kill-after 10 "$seconds" "$@" 2>&1) || status=$?
  [[ $status -ne 124 && $status -ne 137 ]] || fault timed-out "not done within $seconds s: $1 ${*: -1}"
  [[ $status -eq 0 ]] || explain "$output"
  printf '%s' "$output"
}

# What pgBackRest and PostgreSQL say, in a name. They know more causes than these, so the last lines are told always.
explain() {
  local output name=failed
  # What was deciphered by a wrong key is no text.
  output=$(LC_ALL=C tr -cd '[:print:]\n' <<<"$1")
  case $output in
    *CryptoError* | *'bad decrypt'* | *'found outside of section'* | *'bad magic number'*) name=wrong-key ;;
    *'do not match the database'* | *'is not for stanza'*) name=other-database ;;
    *'No space left'*) name=no-room ;;
    *'before configured recovery target was reached'* | *'stop time less than'* | *'unable to find backup set'*)
      name=unreachable-time ;;
    *ChecksumError* | *checksum* | *FormatError* | *decompress* | *'unable to open missing file'* | *invalid* | *corrupt*)
      name=damaged ;;
    *'no prior backup'* | *'no backup set found'* | *'missing stanza'* | *'no valid backups'*) name=no-backup ;;
    *'unable to find primary cluster'* | *'could not connect'* | *'connection to server'*) name=not-running ;;
  esac
  fault "$name" "$(meaning "$name")"$'\n'"$(tail -n 12 <<<"$output" | cut -c -200)"
}

# What pgBackRest says of a repository whose index, of which it has two copies, it cannot read.
explain_index() {
  case $1 in
    *FormatError* | *CryptoError* | *ChecksumError*) fault wrong-key "$(meaning wrong-key) Or both copies of their index are damaged." ;;
    *) explain "$1" ;;
  esac
}

meaning() {
  case $1 in
    wrong-key) printf 'the backups were encrypted with another key than that of the secret backup-key.' ;;
    damaged) printf 'a part of the backup is not as it was written.' ;;
    other-database) printf 'the backups are of another database than the one that runs. Restore, or move them away.' ;;
    no-room) printf 'the disk is full.' ;;
    unreachable-time) printf 'the backups do not reach that time.' ;;
    no-backup) printf 'there is no backup.' ;;
    not-running) printf 'PostgreSQL does not answer.' ;;
    *) printf 'what it said stands below.' ;;
  esac
}

psql_of() { psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --host "$1" --username postgres "${@:2}"; }
# Not the one that makes the database at the first start: that is on no network, and ends soon.
is_running() { [[ $(psql_of "$socket" -d postgres -c "select current_setting('listen_addresses') <> ''" 2>/dev/null) == t ]]; }
megabytes() { printf '%s MB' $((($1 + 1048575) / 1048576)); }
available() { df --output=avail --block-size=1 "$1" | tail -n 1; }

# lock KIND: one at a time, and whoever has it has it until it ends, however it ends. A person who restores does not wait for
# what is made: that is ended, and made again later.
lock() {
  local pid kind where
  mkdir -p "$dumps" "$state"
  exec 9>>"$backups/lock"
  if ! flock --nonblock 9; then
    read -r pid kind where <"$state/holder" || true
    # In a container of its own, as Quadlet starts it, it has other process ids than here.
    [[ $1 == restore && $kind == make && $where == "$HOSTNAME" ]] || fault busy "another is under way: ${kind:-unknown}."
    kill -TERM -- "-$pid" 2>/dev/null || true
    flock --timeout 60 9 || fault busy 'a backup that is under way does not end.'
  fi
  printf '%s %s %s\n' "$$" "$1" "$HOSTNAME" >"$state/holder"
}
