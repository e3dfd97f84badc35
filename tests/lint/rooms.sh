#!/bin/sh
# rooms.sh - the room table of ARCHITECTURE.md is the tree.
#
# A row is `| folder/room | what it is |`, the name with or without backquotes.
# Must not know: what any room does.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"

if [ ! -e ARCHITECTURE.md ]; then
    echo "ARCHITECTURE.md is missing" >"$work/table"
    none table "the room table is there"
    finish
fi
# shellcheck disable=SC2016
sed -nE 's/^\|[[:space:]]*`?([a-z]+\/[a-z0-9_]+)`?[[:space:]]*\|.*/\1/p' ARCHITECTURE.md >"$work/rows"
sort "$work/rows" >"$work/said"
find generator -name '*.c' -o -name '*.h' | sed -E 's|^generator/||; s|\.[ch]$||' | sort -u >"$work/there"
[ -s "$work/rows" ] || echo "ARCHITECTURE.md has no row of the form | folder/room | … |" >"$work/table"
none table "the room table is there"
uniq -d "$work/said" >"$work/twice"
none twice "no room stands in the table twice"
comm -13 "$work/said" "$work/there" >"$work/untold"
none untold "every room has its row"
comm -23 "$work/said" "$work/there" >"$work/gone"
none gone "every row has its room"
finish
