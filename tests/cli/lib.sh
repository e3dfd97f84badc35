# shellcheck shell=sh disable=SC2034
# lib.sh - what every command test begins with: the program, a temporary folder, TAP.
#
# `check "what should hold" COMMAND…` runs the command quietly and shows its words on failure.
# $work is a temporary folder that goes away, $data holds the expected files, $root the source tree.
# Must not know: any command.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
data=$root/tests/cli/data
ANJIAN=${ANJIAN:-$root/build/release/anjian}
case $ANJIAN in /*) ;; *) ANJIAN=$PWD/$ANJIAN ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset LC_ALL LC_MESSAGES LANGUAGE ANJIAN_LANG ANJIAN_DATA NO_COLOR SOURCE_DATE_EPOCH
export LANG=C.UTF-8 G_DEBUG=fatal-warnings TZ=UTC
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=编辑 GIT_AUTHOR_EMAIL=editor@example.org GIT_AUTHOR_DATE='2026-11-20T08:00:00+08:00'
export GIT_COMMITTER_NAME=编辑 GIT_COMMITTER_EMAIL=editor@example.org GIT_COMMITTER_DATE='2026-11-20T08:00:00+08:00'
count=0
failed=0

check() {
    count=$((count + 1))
    name=$1
    shift
    if "$@" >"$work/.said" 2>&1; then
        echo "ok $count - $name"
    else
        failed=1
        echo "not ok $count - $name"
        sed 's/^/# /' "$work/.said"
    fi
}

# code COMMAND…: runs it with its output kept in $work/out and $work/err, and sets $code.
code() {
    code=0
    "$@" >"$work/out" 2>"$work/err" || code=$?
}

# For what a machine may forbid (tracing) or not have (systemd).
skip() {
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
}

# For a judge that `make check` installs: there a missing one is a failure.
lacks() {
    if [ "${REQUIRE_BROWSER:-}" = 1 ]; then
        check "$1: $2" false
    else
        skip "$1" "$2"
    fi
}

finish() {
    echo "1..$count"
    exit "$failed"
}
