#!/bin/sh
# filters.sh - what Lua filters cost, beside a build without them and beside pandoc.
#
#   tests/bench/filters.sh build/release/anjian [PAGES]     (10000)
#
# Builds take turns, and the best of each is taken: a busy machine only ever adds. They are held
# against each other in CPU time, where others count least; pandoc in wall time, as its user waits.
# Needs cc and pandoc. Leaves with 1 when a figure is over its limit.
# Must not know: how a filter is run.
set -eu
anjian=$(realpath "${1:?usage: filters.sh ANJIAN [PAGES]}")
pages=${2:-10000}
here=$(realpath "$(dirname "$0")")
tools=$(realpath "$here/../..")/build/bench
work=$tools/filters
export LC_ALL=C.UTF-8 TZ=UTC
over=0
rm -rf "$work"
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT # beside the corpus of run.sh, never in it
trap 'exit 130' INT TERM
cc -O2 -std=gnu11 -o "$tools/corpus" "$here/corpus.c" -lm
cc -O2 -std=gnu11 -D_GNU_SOURCE -o "$tools/measure" "$here/measure.c"

# row WHAT LIMIT VALUE TEXT
row() {
    verdict=$(awk "BEGIN { print ($3 <= $2) ? \"ok\" : \"OVER\" }")
    [ "$verdict" = ok ] || over=1
    printf '%-66s %-6s %-34s %s\n' "$1" "$2" "$4" "$verdict"
}
calc() { awk "BEGIN { printf \"%.4f\", $1 }"; }
least() { sort -g -k"$2,$2" "$work/$1.report" | awk -v n="$2" 'NR == 1 { print $n }'; }

# filter NAME: a folder of its own, its code on stdin.
filter() {
    mkdir -p "$work/lua-filters/$1"
    cat >"$work/lua-filters/$1/$1.lua"
}
filter strike <<'END'
function Strikeout(el) return pandoc.Span(el.content, {class = 'old'}) end
END
filter mark <<'END'
function Span(el)
  if el.classes:includes 'mark' then return {pandoc.Str '!', pandoc.Strong(el.content)} end
end
END
filter quotes <<'END'
function Quoted(el) return el.content end
END
filter lines <<'END'
function LineBlock(el) return pandoc.Para(el.content[1]) end
END
filter every-str <<'END'
function Str(el)
  if el.text == '{{name}}' then return pandoc.Emph {pandoc.Str 'Hello'} end
end
END
filter gsub <<'END'
function Str(el)
  el.text = el.text:gsub('a', 'b')
  return el
end
END
filter whole <<'END'
function Pandoc(doc)
  return doc:walk {Str = function(el)
    return pandoc.Str(el.text:upper())
  end}
end
END

# One folder of pages, in which every tenth has what `strike` handles, another tenth what `mark` does.
mkdir "$work/made"
"$tools/corpus" "$pages" 1 "$work/made" >/dev/null
rm -f "$work/made/content/site.yaml"
find "$work/made/content" -name '*.md' | sort | awk 'NR % 10 == 1' | while read -r page; do
    printf '\n旧规定~~作废~~了。\n' >>"$page"
done
find "$work/made/content" -name '*.md' | sort | awk 'NR % 10 == 6' | while read -r page; do
    printf '\n先通风，[再检测]{.mark}。\n' >>"$page"
done
# site NAME FILTERS: the same pages under other settings.
site() {
    mkdir "$work/$1"
    cp -Rl "$work/made/content/." "$work/$1"
    printf 'taxonomies: [tags]\nsearch: false\ndiffs: false\nfilters: [%s]\n' "$2" >"$work/$1/site.yaml"
    cp -R "$work/lua-filters" "$work/$1"
}
site none ''
site tenth 'mark, strike'
site untouched 'quotes, lines'
site all every-str
round=0
while [ "$round" -lt "${ROUNDS:-5}" ]; do
    for name in none tenth untouched all; do
        "$tools/measure" "$work/$name.report" "$anjian" build "$work/$name" -o "$work/out-$name" --full -q -j1 >"$work/log" 2>&1 ||
            { cat "$work/log" >&2; exit 1; }
    done
    round=$((round + 1))
done
touched=$(grep -rlE 'class="old"|<strong>再检测' "$work/out-tenth" --include='*.html' | wc -l) # or nothing was measured
[ "$touched" -ge $((pages / 5 - 2)) ] || { echo "only $touched pages were touched" >&2; exit 1; }
bytes=$(find "$work/made/content" -name '*.md' -exec cat {} + | wc -c)
base=$(least none 2)
printf '%s pages of %s bytes, load %s; without filters %s s of CPU\n' "$pages" "$((bytes / pages))" \
    "$(cut -d' ' -f1-3 /proc/loadavg)" "$base"
one=$(least untouched 2)
row "filters that touch no page: x of a build without" 1.02 "$(calc "$one / $base")" "$(calc "$one / $base")"
one=$(least tenth 2)
row "two filters, each touches one page in ten: x" 1.15 "$(calc "$one / $base")" "$(calc "$one / $base")"
one=$(least all 2)
row "every Str of a page of 5 kB: ms of CPU" 1.5 "$(calc "($one - $base) * 1000 / ($bytes / 5000)")" \
    "$(calc "($one - $base) * 1000 / ($bytes / 5000)") ms"

# pandoc: documents as its JSON tree, through one filter, whole process against whole process.
find "$work/made/content" -name '*.md' | sort | head -n 100 | while read -r page; do
    sed '1,/^---$/{/^---$/!d;}; /^---$/,/^---$/d' "$page"
done | head -c 200000 | sed '$d' >"$work/chinese.md"
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do cat "$here/../../ARCHITECTURE.md"; done | head -c 200000 | sed '$d' >"$work/english.md"
for name in chinese english; do pandoc -f gfm -t json "$work/$name.md" >"$work/$name.json"; done
head -c 30000 "$work/english.md" | sed '$d' | pandoc -f gfm -t json >"$work/short.json"
# against DOCUMENT FILTER WHAT
against() {
    lua=$work/lua-filters/$2/$2.lua
    rm -f "$work/pandoc.report" "$work/ours.report"
    round=0
    while [ "$round" -lt 5 ]; do
        "$tools/measure" "$work/pandoc.report" pandoc -f json -t json -L "$lua" "$work/$1.json" -o "$work/pandoc.json"
        "$tools/measure" "$work/ours.report" "$anjian" filter --from json --to json -L "$lua" "$work/$1.json" >"$work/ours.json"
        round=$((round + 1))
    done
    theirs=$(least pandoc 1) ours=$(least ours 1)
    row "$3 ($(($(wc -c <"$work/$1.json") / 1000)) kB of JSON), $2: x of pandoc's wall time" 0.1 \
        "$(calc "$ours / $theirs")" "1/$(calc "$theirs / $ours" | cut -c1-4) ($ours s, pandoc $theirs s)"
}
against chinese every-str "200 kB of Chinese"
against chinese gsub "200 kB of Chinese"
against chinese whole "200 kB of Chinese"
against english every-str "200 kB of English"
against english gsub "200 kB of English"
against english whole "200 kB of English"
against short gsub "30 kB of English"
exit "$over"
