# shellcheck shell=sh
# lib.sh - what every lint test begins with: the source tree, a temporary folder, TAP.
#
# A test gathers what is wrong as lines in $work/NAME and ends each point with `none NAME "what
# should hold"`. Must not know: any rule.
set -eu
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0
failed=0

# none FILE DESCRIPTION: passes when $work/FILE is empty or absent, else prints it.
none() {
    count=$((count + 1))
    if [ -s "$work/$1" ]; then
        failed=1
        echo "not ok $count - $2"
        sed 's/^/# /' "$work/$1"
    else
        echo "ok $count - $2"
    fi
}

# skip REASON DESCRIPTION
skip() {
    count=$((count + 1))
    echo "ok $count - $2 # SKIP $1"
}

finish() {
    echo "1..$count"
    exit "$failed"
}
