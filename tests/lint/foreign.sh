#!/bin/sh
# foreign.sh - everything here is our own: no vendored library, no big binary, no word about places
# outside the project.
#
# Looks at the files that git knows. Must not know: what any of them is for.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"

git ls-files >"$work/files" 2>/dev/null || find . -type f ! -path './build/*' ! -path './dist/*' ! -path './.git/*' |
    sed 's|^\./||' >"$work/files"

grep -E '(^|/)(vendor|vendored|third[_-]?party|node_modules|external|bower_components|\.venv)/|\.min\.(js|css)$|\.(o|a|so|exe|dll|class|jar|pyc|woff2?|ttf|otf)$' \
    "$work/files" >"$work/vendored" || :
none vendored "no vendored library, no object, no font"

grep -E '\.(c|h|js|mjs|css|lua|html|sh)$' "$work/files" | tr '\n' '\0' | xargs -0 -r grep -lniE \
    'jquery|lunr|elasticlunr|flexsearch|bootstrap\.|tailwind|normalize\.css|font-?awesome|highlight\.js|MIT License|Licensed under' \
    2>/dev/null | grep -vE '^tests/lint/foreign\.sh$' >"$work/copied" || :
none copied "no text of somebody else's library"

# An absolute path of one machine, or a tool of one day, has no business in a repository. The words
# are put together here, so that this file does not contain them.
w1="/wo""rk/" w2="\\.\\./sha""red" w3="/tm""p/w""t" w4="/ho""me/[a-z]" w5="/ro""ot/"
tr '\n' '\0' <"$work/files" | xargs -0 -r grep -nIE "(^|[^A-Za-z0-9_.-])($w1|$w3|$w4|$w5)|$w2" 2>/dev/null >"$work/outside" || :
none outside "no text names a place outside the project"

# shellcheck disable=SC2016
tr '\n' '\0' <"$work/files" | xargs -0 -r sh -c '
    for f; do
        [ -f "$f" ] || continue
        size=$(wc -c <"$f")
        [ "$size" -le 1000000 ] || echo "$f: $size bytes"
    done' sh >"$work/big"
none big "no file over a megabyte"

: >"$work/links"
while IFS= read -r f; do
    [ -L "$f" ] && echo "$f" >>"$work/links"
done <"$work/files" || :
none links "no symbolic link"
finish
