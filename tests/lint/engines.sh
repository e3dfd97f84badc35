#!/bin/sh
# engines.sh - every npm package of the tests runs on Debian 12's Node 18.
#
# Reads the lock file; the range check is semver's. Must not know: what the packages are for.
set -eu
cd "$(dirname "$0")/../browser"
echo 1..1
if node -e '
const lock = require("./package-lock.json"), semver = require("semver");
const bad = Object.entries(lock.packages).filter(([n, p]) => n && p.engines && p.engines.node && !semver.satisfies("18.19.0", p.engines.node));
for (const [n, p] of bad) console.log("# " + n + " wants " + p.engines.node);
process.exit(bad.length ? 1 : 0);'; then
    echo "ok 1 - all packages take Node 18"
else
    echo "not ok 1 - all packages take Node 18"
    exit 1
fi
