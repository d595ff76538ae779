# What .ci/trixie and .ci/server share: a bare Debian in a folder. Sourced, never run.
# shellcheck shell=bash
SUITE=${SUITE:-trixie}
MIRROR=${MIRROR:-http://deb.debian.org/debian}
BARE_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

say() { printf '\n── %s\n' "$*"; }

fail() { echo "${0##*/}: $1" >&2; exit 1; }

# In namespaces of our own: whatever ends this script, no process and no mount of it stays.
alone() {
    [ -z "${INSIDE:-}" ] || return 0
    [ "$(id -u)" = 0 ] || fail "this needs root, to make a Debian of its own"
    export INSIDE=1
    exec unshare --mount --mount-proc --pid --uts --ipc --cgroup --fork --kill-child --propagation private "$0" "$@"
}

# A bare system in $ROOT; without ROOT in a folder that is gone in the end.
bare() {
    if [ -z "${ROOT:-}" ]; then
        ROOT=$(mktemp -d "/var/tmp/augenmerk-$SUITE.XXXXXX")
        chmod 755 "$ROOT" # "/" for whoever lives in it
        trap 'status=$?; set +e # what is not mounted is no failure
            umount -R "$ROOT/proc" "$ROOT/sys" "$ROOT/run" "$ROOT/tmp" "$ROOT/dev" 2>/dev/null
            rm -rf --one-file-system "$ROOT" "$ROOT.boot.log"; exit $status' EXIT
    fi
    if [ ! -x "$ROOT/usr/bin/apt-get" ]; then
        say "a bare Debian $SUITE in $ROOT"
        mkdir -p "$ROOT"
        debootstrap --variant=minbase "$SUITE" "$ROOT" "$MIRROR" >"/var/tmp/debootstrap.$$" 2>&1 ||
            { tail "/var/tmp/debootstrap.$$"; fail "debootstrap failed"; }
        rm -f "/var/tmp/debootstrap.$$"
    fi
    mount -t proc proc "$ROOT/proc"
    mount -t tmpfs -o mode=755 tmpfs "$ROOT/dev"
    local node
    for node in null zero full random urandom tty; do
        touch "$ROOT/dev/$node"
        mount --bind "/dev/$node" "$ROOT/dev/$node"
    done
    mkdir "$ROOT/dev/pts" "$ROOT/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=666 devpts "$ROOT/dev/pts"
    mount -t tmpfs tmpfs "$ROOT/dev/shm"
    ln -s pts/ptmx "$ROOT/dev/ptmx"
    ln -s /proc/self/fd "$ROOT/dev/fd"
    ln -s fd/0 "$ROOT/dev/stdin"
    ln -s fd/1 "$ROOT/dev/stdout"
    ln -s fd/2 "$ROOT/dev/stderr"
    # How this machine reaches the network: name server, certificates, mirrors' peculiarities.
    local file
    for file in /etc/resolv.conf /etc/pip.conf /etc/apt/apt.conf.d/99* /usr/local/share/ca-certificates/*; do
        [ ! -f "$file" ] || install -D -m 644 "$file" "$ROOT$file"
    done
}

as_root() { env -i HOME=/root PATH=$BARE_PATH DEBIAN_FRONTEND=noninteractive chroot "$ROOT" "$@"; }

# Says nothing unless it fails.
quietly() {
    local log
    log=$(mktemp)
    "$@" >"$log" 2>&1 || { tail -n 20 "$log"; rm -f "$log"; fail "failed: $*"; }
    rm -f "$log"
}
