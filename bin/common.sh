# What bin/setup, bin/serve, bin/test and bin/check share. Sourced, never run.
# shellcheck shell=bash disable=SC2034

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
CHECKOUT=$(pwd -P)
# The same ten characters as settings.CHECKOUT: they keep two checkouts on one machine apart.
HASH=$(printf %s "$CHECKOUT" | sha256sum | cut -c1-10)
CLUSTER=augenmerk_$HASH # no dash: systemd could not start it
PYTHON=.venv/bin/python

# Root's place, which is also the place of a server's own user (bin/setup --service).
if [ "$(id -u)" = 0 ] || [ -r "/var/lib/augenmerk/$HASH/env" ]; then
    DATA=${AUGENMERK_HOME:-/var/lib/augenmerk/$HASH}
else
    DATA=${AUGENMERK_HOME:-$HOME/.local/share/augenmerk/$HASH}
fi

say() { printf '  %s\n' "$*"; }

fail() {
    printf '\n%s: %s\n' "${0##*/}" "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# A value from $DATA/env, or nothing.
kept() { if [ -f "$DATA/env" ]; then sed -n "s/^$1=//p" "$DATA/env" | tail -n 1; fi; }

# A server's own user, who runs what root has set up; nothing on a desk.
SERVICE=$(kept SERVICE_USER)

# Somebody else's database: named in the environment, or written into $DATA/env by hand.
database_is_foreign() {
    [ -n "${DATABASE_URL:-}" ] || { [ -z "$(kept PRIVATE_DATABASE)" ] && [ -n "$(kept DATABASE_URL)" ]; }
}

# Without root the private database ends with the last process that holds this lock; children
# inherit it, so that not even `kill -9` leaves a database behind. See bin/setup: keep_watch.
hold_database() {
    [ "$(id -u)" = 0 ] && return
    mkdir -p "$DATA"
    exec 9>>"$DATA/users.lock"
    flock -s 9
}

# One statement to the private database that bin/setup made, unaligned; nothing if it is silent.
ask_private() {
    local place url
    place=$(kept PRIVATE_DATABASE)
    url=$(kept DATABASE_URL)
    "/usr/lib/postgresql/${place%/*}/bin/psql" -XAtq "postgresql${url#postgis}" -c "$1" 2>/dev/null
}
