#!/bin/sh
# floors.sh - includes go down only, stages never meet, and each library stays in its room.
#
# Must not know: what any room does.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"

# FILE:FOLDER/ROOM.h for every include of a room.
grep -rnoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]+"' generator --include='*.c' --include='*.h' |
    sed -E 's/^([^:]+):[0-9]+:.*"([^"]+)"/\1 \2/' >"$work/includes"

awk '{ if ($2 !~ /^[a-z]+\/[a-z_0-9]+\.(h|inc)$/) print $1 ": \"" $2 "\"" }' "$work/includes" >"$work/named"
none named "rooms are included by folder"

: >"$work/missing"
cut -d' ' -f2 "$work/includes" | sort -u | while read -r room; do
    [ -e "generator/$room" ] || echo "$room" >>"$work/missing"
done
none missing "what is included exists"

# The floors, lowest first. Stages share one floor; quizio (formats of questions) is one of them.
awk '
BEGIN {
    floor["base"] = 0; floor["model"] = 1
    n = split("load parse filter history render index check write bundle records quizio", stages, " ")
    for (i = 1; i <= n; i++)
        floor[stages[i]] = 2
    floor["driver"] = 3; floor["cli"] = 4
}
{
    split($1, from, "/"); split($2, to, "/")
    a = from[2]; b = to[1]
    if (!(a in floor))
        print $1 ": unknown floor " a
    else if (!(b in floor))
        print $1 ": unknown floor " b
    else if (floor[b] > floor[a])
        print $1 " includes " $2 ": that is upstairs"
    else if (a != b && floor[a] == 2 && floor[b] == 2)
        print $1 " includes " $2 ": two stages meet"
}' "$work/includes" >"$work/floors"
none floors "includes go down, and no stage includes another"

find generator -mindepth 1 -maxdepth 1 ! -type d >"$work/strays"
find generator -mindepth 3 >>"$work/strays"
none strays "generator/ holds folders, folders hold rooms"

# library HEADER-PATTERN ALLOWED-PATH-PATTERN
library() {
    grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*<($1)>" generator |
        grep -vE "^generator/($2):" >>"$work/libraries" || :
}
: >"$work/libraries"
library 'lua[a-z]*\.h|lauxlib\.h' 'filter/[^:]*'
library 'git2(/.*)?\.h' 'history/[^:]*'
library 'zlib\.h' '(history/loose|quizio/unzip)\.c'
library 'libdeflate\.h' 'bundle/member\.c'
library 'zstd\.h' 'bundle/(patch|zst)\.c'
library 'archive(_entry)?\.h' 'bundle/[^:]*'
library 'sodium(/.*)?\.h' '(base/(hash|sign)\.c|bundle/[^:]*)'
library 'jansson\.h' 'base/json\.c'
library 'json-glib/.*' 'none'
library '(linux/(landlock|seccomp)|seccomp)\.h' 'base/sandbox\.c'
library 'microhttpd\.h' 'cli/microhttpd\.[ch]'
library 'yaml\.h' 'load/frontmatter\.c'
library 'sqlite3\.h' 'records/(store|audit)\.c'
library 'cmark\.h' '(parse/[^:]*|model/tree\.[ch]|render/html\.c)'
library 'cmark-gfm.*' 'none'
library 'pthread\.h|threads\.h' 'none'
none libraries "each library shows up only in its room"
finish
