# lib.sh - what the benches of the whole program share: corpora, measuring, the table.
#
# . lib.sh "$@", where $1 is anjian, $2 pages (10000), $3 commits. Leaves in $outs what is made, in
# $over whether a budget was not kept. Sites go to a new folder, or to $BENCH_OUT: ext4 makes files
# slowly for five minutes after many were removed, so nothing is removed before the end, and a
# second run at once is slower for all. Needs git, cc and pkg-config. Must not know: what is measured.
# shellcheck shell=sh disable=SC2034
anjian=$(realpath "${1:?usage: $(basename "$0") ANJIAN [PAGES [COMMITS]]}")
pages=${2:-10000}
case $pages in
1000) commits=1000 ;;
100000) commits=20000 ;;
*) commits=5000 ;;
esac
commits=${3:-$commits}
here=$(realpath "$(dirname "$0")")
tree=$(realpath "$here/../..")
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

# corpus PAGES COMMITS FOLDER: made once for each version of its maker.
corpus() {
    stamp="$(cksum <"$tools/corpus") $1 $2"
    if [ "$(cat "$3/.stamp" 2>/dev/null)" = "$stamp" ]; then
        [ "$2" = 0 ] || git -C "$3" reset -q --hard start
        return
    fi
    echo "making $1 pages with $2 commits ..." >&2
    rm -rf "$3"
    mkdir -p "$3"
    if [ "$2" = 0 ]; then
        "$tools/corpus" "$1" 0 "$3"
    else
        git init -q -b main "$3"
        "$tools/corpus" "$1" "$2" "$3" | git -C "$3" fast-import --quiet
        git -C "$3" read-tree HEAD
        git -C "$3" repack -adq
        git -C "$3" update-index -q --refresh
        git -C "$3" tag start
        test -z "$(git -C "$3" status --porcelain -uno)"
    fi
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
            echo "$(basename "$0"): $name failed: $*" >&2
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
