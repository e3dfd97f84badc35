#!/bin/sh
# headers.sh - each header compiles alone, and every file says first what it is.
#
# Must not know: what any room does.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
CC=${CC:-cc}
packages='libcmark libgit2 libarchive lua5.4 glib-2.0 yaml-0.1 libsodium jansson libseccomp zlib sqlite3'
# shellcheck disable=SC2046,SC2086
flags=$(pkg-config --cflags $packages)

: >"$work/alone"
for h in generator/*/*.h; do
    # Twice, so that a missing guard shows too.
    printf '#include "%s"\n#include "%s"\n' "${h#generator/}" "${h#generator/}" >"$work/one.c"
    # shellcheck disable=SC2086
    "$CC" -std=gnu11 -D_GNU_SOURCE -Igenerator $flags -Wall -Wextra -Werror -fsyntax-only "$work/one.c" \
        2>"$work/said" || { echo "$h"; head -3 "$work/said"; } >>"$work/alone"
done
none alone "each header compiles alone, and twice"

: >"$work/unsaid"
for f in generator/*/*.c generator/*/*.h generator/*/*.inc; do
    name=$(basename "$f")
    name=${name%.*}
    head -1 "$f" | grep -qE "^/\* $name - " || echo "$f:1: does not begin with '/* $name - '" >>"$work/unsaid"
    tr '\n*' '  ' <"$f" | tr -s ' ' | grep -q 'Must not know' || echo "$f: does not say what it must not know" >>"$work/unsaid"
done
for f in tests/unit/*.c tests/fuzz/*.c; do
    [ -e "$f" ] || continue
    head -1 "$f" | grep -qE '^/\* .' || echo "$f:1: does not begin with a comment" >>"$work/unsaid"
done
none unsaid "every file says first what it is, and what it must not know"

: >"$work/names"
find generator -name '*.c' | sed 's|.*/||' | sort | uniq -d | sed 's/$/: the name of two rooms/' >"$work/names"
none names "the name of a room is unique in the tree"
finish
