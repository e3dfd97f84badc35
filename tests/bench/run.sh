#!/bin/sh
# run.sh - measures Anjian against its budget and against Hugo, on a site made for it.
#
#   tests/bench/run.sh build/release/anjian [PAGES [COMMITS]]     (10000 pages, 5000 commits)
#
# Every figure is taken in this run: the best of a few, since a busy machine only ever adds.
# Sites go to a new folder, or to $BENCH_OUT: ext4 makes files slowly for five minutes after many
# were removed, so nothing is removed before the end, and a second run at once is slower for all.
# Needs git, cc and pkg-config; hugo and zip are compared with when they are there.
# Leaves with 1 when a budget is not kept. Must not know: how a site is built.
set -eu
anjian=$(realpath "${1:?usage: run.sh ANJIAN [PAGES [COMMITS]]}")
pages=${2:-10000}
case $pages in
1000) commits=1000 ;;
100000) commits=20000 ;;
*) commits=5000 ;;
esac
commits=${3:-$commits}
here=$(realpath "$(dirname "$0")")
tree=$(realpath "$here/../..")
objects=$(dirname "$anjian")
tools=$tree/build/bench
work=$tools/$pages
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8 TZ=UTC
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=b@example.com
export GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=b@example.com
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE SOURCE_DATE_EPOCH || :
over=0
mkdir -p "$tools"

# ---- tools and corpus ----

cc -O2 -std=gnu11 -o "$tools/corpus" "$here/corpus.c" -lm
cc -O2 -std=gnu11 -D_GNU_SOURCE -o "$tools/measure" "$here/measure.c"
libraries="libgit2 glib-2.0 gio-2.0 gio-unix-2.0 libsodium jansson libseccomp zlib"
# shellcheck disable=SC2046,SC2086 # lists of flags
cc -O2 -std=gnu11 -D_GNU_SOURCE -I"$tree/generator" $(pkg-config --cflags $libraries) \
    -o "$tools/walk" "$here/walk.c" "$objects"/history/*.o "$objects"/base/*.o \
    $(pkg-config --libs $libraries)

# corpus PAGES COMMITS FOLDER: made once for each version of its maker.
corpus() {
    stamp="$(cksum <"$tools/corpus") $1 $2"
    if [ "$(cat "$3/.stamp" 2>/dev/null)" = "$stamp" ]; then
        git -C "$3" reset -q --hard start
        return
    fi
    echo "making $1 pages with $2 commits ..." >&2
    rm -rf "$3"
    mkdir -p "$3"
    git init -q -b main "$3"
    "$tools/corpus" "$1" "$2" "$3" | git -C "$3" fast-import --quiet
    git -C "$3" read-tree HEAD
    git -C "$3" repack -adq
    git -C "$3" update-index -q --refresh
    git -C "$3" tag start
    test -z "$(git -C "$3" status --porcelain -uno)"
    cp -R "$here/hugo/." "$3"
    echo "$stamp" >"$3/.stamp"
}

# ---- measuring ----

# best TIMES NAME COMMAND...: the report with the least wall time, as $wall $cpu $rss.
best() {
    times=$1 name=$2
    shift 2
    rm -f "$work/$name.report"
    for _ in $(seq "$times"); do
        if ! "$tools/measure" "$work/$name.report" "$@" >"$work/$name.log" 2>&1; then
            echo "run.sh: $name failed: $*" >&2
            tail -5 "$work/$name.log" >&2
            exit 1
        fi
    done
    read -r wall _ <<END
$(sort -g "$work/$name.report")
END
    cpu=$(sort -g -k2,2 "$work/$name.report" | awk 'NR == 1 { print $2 }')
    rss=$(sort -g -k3,3 "$work/$name.report" | awk 'NR == 1 { print $3 }')
}

peak() { # NAME COMMAND...: the largest sum of proportional sets, in kB
    name=$1
    shift
    rm -f "$work/$name.report"
    "$tools/measure" -m "$work/$name.report" "$@" >"$work/$name.log" 2>&1
    awk '{ print $4 }' "$work/$name.report"
}

calc() { awk "BEGIN { printf \"%.4f\", $1 }"; }

# row NUMBER WHAT ANCHOR MUST VALUE LIMIT TEXT: compares and prints; an empty LIMIT only tells. The
# budget is for 10,000 pages and more: on fewer, what every start costs outweighs the rest.
row() {
    verdict=
    if [ -n "$6" ] && [ "$pages" -ge 10000 ]; then
        verdict=$(awk "BEGIN { print ($5 <= $6) ? \"ok\" : \"OVER\" }")
        [ "$verdict" = ok ] || over=1
    fi
    printf '%-3s %-42s %-22s %-13s %-22s %s\n' "$1" "$2" "$3" "$4" "$7" "$verdict"
}
same() { # NUMBER WHAT A B
    if diff -rq "$3" "$4" >"$work/diff.log" 2>&1; then
        printf '%-3s %-42s %-22s %-13s %-22s %s\n' "$1" "$2" - always equal ok
    else
        printf '%-3s %-42s %-22s %-13s %-22s %s\n' "$1" "$2" - always \
            "$(wc -l <"$work/diff.log") files differ" OVER
        over=1
    fi
}
ms() { awk "BEGIN { printf \"%.0f ms\", $1 * 1000 }"; }
times_less() { awk "BEGIN { printf \"%.2f s (1/%.1f)\", $1, $2 / $1 }"; }

mkdir -p "$work"
outs=${BENCH_OUT:-$work/out.$$}
mkdir "$outs"
trap 'rm -rf "$outs"' EXIT
trap 'exit 130' INT TERM
corpus "$pages" "$commits" "$work/site"
site=$work/site/content
# Each cold build gets a folder of its own: writing where 10,000 files were just removed is slow.
cold=0
build_cold() { # TIMES NAME SITE OPTIONS...
    count=$1 label=$2 from=$3
    shift 3
    rm -f "$work/cold.all"
    for _ in $(seq "$count"); do
        cold=$((cold + 1))
        best 1 "$label" "$anjian" build "$from" -o "$outs/cold$cold" --full -q "$@"
        cat "$work/$label.report" >>"$work/cold.all"
    done
    wall=$(sort -g "$work/cold.all" | awk 'NR == 1 { print $1 }')
    cpu=$(sort -g -k2,2 "$work/cold.all" | awk 'NR == 1 { print $2 }')
}

printf '%s pages, %s commits, %s cores, load %s\n' "$pages" "$commits" "$(nproc)" \
    "$(cut -d' ' -f1-3 /proc/loadavg)"
printf '%-3s %-42s %-22s %-13s %-22s %s\n' '#' what anchor must measured ''

# ---- 1, 3: a cold build without search ----
build_cold 2 cold "$site"
our_wall=$wall our_cpu=$cpu
first=$outs/cold1
our_peak=$(peak memory "$anjian" build "$site" -o "$outs/memory" --full -q)
if command -v hugo >/dev/null; then
    hugo_version=$(hugo version | sed 's/^hugo v\([0-9.]*\).*/Hugo \1/')
    best 1 hugo hugo --quiet -s "$work/site" -d "$outs/hugo"
    row 1 "cold build, no search: wall" "$hugo_version $(calc "$wall" | cut -c1-5) s" "1/6" \
        "$our_wall" "$wall / 6" "$(times_less "$our_wall" "$wall")"
    row 1 "cold build, no search: CPU" "$hugo_version $(calc "$cpu" | cut -c1-5) s" "1/8" \
        "$our_cpu" "$cpu / 8" "$(times_less "$our_cpu" "$cpu")"
    row 3 "peak memory, all processes" "$hugo_version $((rss / 1024)) MB" "1/10" \
        "$our_peak" "$rss / 10" "$((our_peak / 1024)) MB (1/$((rss / our_peak)))"
else
    row 1 "cold build, no search: wall" "hugo: not here" - "$our_wall" "" "$our_wall s"
    row 1 "cold build, no search: CPU" - - "$our_cpu" "" "$our_cpu s"
    row 3 "peak memory, all processes" - "120 MB" "$our_peak" "120 * 1024" "$((our_peak / 1024)) MB"
fi

# ---- 4: growth ----
if [ "$pages" -gt 1000 ]; then
    corpus 1000 1000 "$tools/growth"
    build_cold 2 growth "$tools/growth/content"
    row 4 "growth exponent of CPU, 1000 to $pages" - "1.05" \
        "log($our_cpu / $cpu) / log($pages / 1000)" 1.05 \
        "$(calc "log($our_cpu / $cpu) / log($pages / 1000)")"
fi

# ---- 5, 6, 7: builds after the first ----
out=$outs/again
"$anjian" build "$site" -o "$out" -q
best 5 nochange "$anjian" build "$site" -o "$out" -q
row 5 "no change, new process" - "100 ms" "$wall" 0.1 "$(ms "$wall") (CPU $(ms "$cpu"))"
least=
for i in 1 2 3; do
    printf '\n## 新增一节 %s\n\n先通风，再检测。\n' "$i" >>"$site/height/p000013.md"
    best 1 changed "$anjian" build "$site" -o "$out" -q
    least=$(printf '%s\n%s\n' "$wall" "${least:-$wall}" | sort -g | head -1)
done
row 6 "one page changed, no search" - "400 ms" "$least" 0.4 "$(ms "$least")"
least=
for i in 1 2 3; do
    printf '\n受限空间作业 %s。\n' "$i" >>"$site/height/p000013.md"
    git -C "$work/site" commit -qam "height: Say it again"
    best 1 committed "$anjian" build "$site" -o "$out" -q
    least=$(printf '%s\n%s\n' "$wall" "${least:-$wall}" | sort -g | head -1)
done
row 6 "the same and committed, no search" - "400 ms" "$least" 0.4 "$(ms "$least")"
"$anjian" build "$site" -o "$outs/full" --full -q
same 7 "incremental equals full" "$out" "$outs/full"
git -C "$work/site" reset -q --hard start
"$anjian" build "$site" -o "$outs/j1" --full -q -j 1
"$anjian" build "$site" -o "$outs/j2" --full -q -j 2
same 7 "-j1 equals -j2" "$outs/j1" "$outs/j2"
same 7 "equals the first cold build" "$outs/j1" "$first"

# ---- 8: history ----
history() { # FOLDER COMMITS: the walk over that many commits beside git log, and one commit later
    top=$1
    git -C "$top" ls-tree -r --name-only HEAD content | sed 's|^content/||' >"$work/paths"
    cat >"$work/walk.sh" <<END
rm -f '$work/state'; exec '$tools/walk' '$top/content' '$work/state' <'$work/paths'
END
    cat >"$work/gitlog.sh" <<END
exec git -C '$top' log --no-renames --name-only >/dev/null
END
    best 5 gitlog sh "$work/gitlog.sh"
    git_wall=$wall git_cpu=$cpu
    best 5 walk sh "$work/walk.sh"
    row 8 "history of all pages, $2 commits: wall" "git log $(calc "$git_wall" | cut -c1-5) s" "1.5 x" \
        "$wall" "$git_wall * 1.5" "$(calc "$wall" | cut -c1-5) s ($(calc "$wall / $git_wall" | cut -c1-4) x)"
    row 8 "history of all pages, $2 commits: CPU" "git log $(calc "$git_cpu" | cut -c1-5) s" "1.5 x" \
        "$cpu" "$git_cpu * 1.5" "$(calc "$cpu" | cut -c1-5) s ($(calc "$cpu / $git_cpu" | cut -c1-4) x)"
    git -C "$top" commit -q --allow-empty -m "one more"
    rm -f "$work/resumed"
    for _ in 1 2 3 4 5; do
        "$tools/walk" "$top/content" "$work/state" <"$work/paths" >>"$work/resumed"
    done
    test "$(grep -c ' 1 commits walked' "$work/resumed")" = 5
    cpu=$(sort -g "$work/resumed" | awk 'NR == 1 { print $1 }')
    row 8 "history after one new commit, $2: CPU" - "20 ms" "$cpu" 0.02 "$(ms "$cpu")"
    git -C "$top" reset -q --hard start
}
history "$work/site" "$commits"
if [ "$pages" = 10000 ] && [ "$commits" = 5000 ]; then
    corpus 10000 10000 "$tools/deep"
    history "$tools/deep" 10000
fi
mkdir "$outs/without"
for part in content themes lua-filters; do
    if [ -d "$work/site/$part" ]; then cp -R "$work/site/$part" "$outs/without"; fi
done
build_cold 2 without "$outs/without/content"
row 8 "cold build with history: CPU more" "without $(calc "$cpu" | cut -c1-5) s" tell 0 "" \
    "$(calc "$our_cpu - $cpu" | cut -c1-5) s ($(calc "$our_cpu / $cpu" | cut -c1-4) x)"

# ---- versions: every page of this project as git log --follow has it, --rev as a fresh checkout ----
# What may differ: git follows copies and, at a merge, one name only; we follow pages that went, on every branch.
if git -C "$tree" rev-parse -q --verify HEAD >/dev/null; then
    git clone -q "$tree" "$work/own"
    for part in content docs; do
        (cd "$work/own" && find "$part" -name '*.md' | sort) >"$work/own-pages"
        while read -r page; do
            "$anjian" -q history "$work/own/$part" "${page#"$part"/}" --format json |
                sed -nE 's/^ *"commit": "([0-9a-f]+)".*/\1/p' >>"$work/ours"
            git -C "$work/own" log --follow --format=%H -- "$page" >>"$work/follows"
        done <"$work/own-pages"
    done
    mkdir -p "$work/log-ours" "$work/log-git"
    mv "$work/ours" "$work/log-ours/all"
    mv "$work/follows" "$work/log-git/all"
    same 8 "every page of this project: as git log --follow" "$work/log-ours" "$work/log-git"
    for rev in $(git -C "$work/own" rev-list HEAD -- content themes lua-filters | head -n 10); do
        git -C "$work/own" checkout -q "$rev"
        rm -rf "$outs/rev-fresh" "$outs/rev-store"
        "$anjian" -q build "$work/own/content" -o "$outs/rev-fresh" 2>/dev/null || :
        "$anjian" -q build "$tree/content" --rev "$rev" -o "$outs/rev-store" 2>/dev/null || :
        same 7 "--rev $(echo "$rev" | cut -c1-7) equals a fresh checkout" "$outs/rev-fresh" "$outs/rev-store"
    done
fi

# ---- search and zip: told here, asked for with search and bundles ----
sed -i '/^diffs: false/d' "$site/site.yaml"
build_cold 1 diffs "$site"
row 1 "cold build with diff pages: CPU more" - tell "$cpu" "" "$(calc "$cpu - $our_cpu" | cut -c1-5) s"
sed -i 's/^search: false/search: false\ndiffs: false/' "$site/site.yaml"
sed -i '/^search: false/d' "$site/site.yaml"
build_cold 1 search "$site"
row 9 "cold build with search: CPU more" - tell "$cpu" "" "$(calc "$cpu - $our_cpu" | cut -c1-5) s"
least=
for i in 1 2 3; do
    printf '\n## 再增一节 %s\n\n先通风，再检测。\n' "$i" >>"$site/height/p000013.md"
    best 1 indexed "$anjian" build "$site" -o "$outs/cold$cold" -q
    least=$(printf '%s\n%s\n' "$wall" "${least:-$wall}" | sort -g | head -1)
done
row 6 "one page changed, index too" - "400 ms" "$least" 0.4 "$(ms "$least")"
if [ -d "$outs/cold$cold/search" ]; then
    row 11 "search index: bytes" - tell 0 "" \
        "$(du -sb "$outs/cold$cold/search" | awk '{ printf "%.1f MB", $1 / 1e6 }')"
fi
git -C "$work/site" reset -q --hard start
# ---- 14: bundles, of a site that is built already ----
mkdir "$outs/bundle"
cd "$outs/bundle"
"$anjian" bundle "$site" -q -o ours.zip >/dev/null
rm dist/.site.members
best 1 bundle "$anjian" bundle "$site" -q -o ours.zip
all_wall=$wall
least=
for i in 1 2 3; do
    printf '\n## 打包前再增一节 %s\n\n先通风，再检测。\n' "$i" >>"$site/height/p000013.md"
    best 1 rebundle "$anjian" bundle "$site" -q -o ours.zip
    least=$(printf '%s\n%s\n' "$wall" "${least:-$wall}" | sort -g | head -1)
done
git -C "$work/site" reset -q --hard start
if command -v zip >/dev/null; then
    (cd dist/site && best 1 zip zip -qr "$outs/zip.zip" . && cp "$work/zip.report" "$work/z")
    read -r zip_wall _ <"$work/z"
    row 14 "zip, every file deflated: wall" "zip -r $(calc "$zip_wall" | cut -c1-5) s" "0.6 x" \
        "$all_wall" "$zip_wall * 0.6" "$(calc "$all_wall" | cut -c1-5) s ($(calc "$all_wall / $zip_wall" | cut -c1-4) x)"
    row 14 "zip, one page changed, build too: wall" "zip -r $(calc "$zip_wall" | cut -c1-5) s" tell \
        "$least" "" "$(calc "$least" | cut -c1-5) s ($(calc "$least / $zip_wall" | cut -c1-4) x)"
    row 14 "zip: bytes" "zip -r $(stat -c %s "$outs/zip.zip")" "1.03 x" "$(stat -c %s ours.zip)" \
        "$(stat -c %s "$outs/zip.zip") * 1.03" "$(stat -c %s ours.zip)"
else
    row 14 "zip, every file deflated: wall" "zip: not here" - "$all_wall" "" "$all_wall s"
fi
exit "$over"
