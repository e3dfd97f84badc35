#!/bin/sh
# versions.sh - measures the walk over the history against git log, and holds versions against git.
#
#   tests/bench/versions.sh build/release/anjian [PAGES [COMMITS]]     (10000 pages, 5000 commits)
#
# The walk alone, after one new commit, inside a build; then this project's own repository: each page's
# revisions as git log --follow has them, and --rev at ten commits as a fresh checkout builds it.
# Needs what lib.sh needs. Leaves with 1 when a budget is not kept. Must not know: how a site is built.
set -eu
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"
objects=$(dirname "$anjian")
libraries="libgit2 glib-2.0 gio-2.0 gio-unix-2.0 libsodium jansson libseccomp zlib"
# shellcheck disable=SC2046,SC2086 # lists of flags
cc -O2 -std=gnu11 -D_GNU_SOURCE -I"$tree/generator" $(pkg-config --cflags $libraries) \
    -o "$tools/walk" "$here/walk.c" "$objects"/history/*.o "$objects"/base/*.o \
    $(pkg-config --libs $libraries)

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
build_cold 2 with "$site"
with=$cpu
build_cold 2 without "$outs/without/content"
row 8 "cold build with history: CPU more" "without $(calc "$cpu" | cut -c1-5) s" tell 0 "" \
    "$(calc "$with - $cpu" | cut -c1-5) s ($(calc "$with / $cpu" | cut -c1-4) x)"

# ---- this project's own repository ----
follow() { # PART PAGE: "same", or why git log --follow lists others, or "?"
    "$anjian" -q history "$outs/own/$1" "$2" --format json |
        sed -nE 's/^ *"commit": "([0-9a-f]+)".*/\1/p' | sort >"$outs/ours"
    git -C "$outs/own" log --follow --name-status --format='%H' -- "$1/$2" >"$outs/status"
    grep -E '^[0-9a-f]{40}$' "$outs/status" | sort >"$outs/theirs"
    if cmp -s "$outs/ours" "$outs/theirs"; then
        echo same
    elif grep -q '^C' "$outs/status"; then
        echo 'git follows a copy: for us a page of its own'
    elif [ "$(comm -13 "$outs/theirs" "$outs/ours")" = "" ] && grep -qE '^R0([0-6]|7[0-4])' "$outs/status"; then
        echo 'git follows a rename of less than three quarters: for us a new page'
    else
        echo '?'
    fi
}
if git -C "$tree" rev-parse -q --verify HEAD >/dev/null; then
    git clone -q "$tree" "$outs/own"
    for part in content docs; do
        (cd "$outs/own/$part" && find . -name '*.md' | sed 's|^\./||' | sort) | while read -r page; do
            why=$(follow "$part" "$page")
            [ "$why" = same ] || echo "    $part/$page: $why" >&2
            echo "$why" >>"$outs/followed"
        done
    done
    count() { grep -cxF "$1" "$outs/followed" || :; }
    [ "$(count '?')" = 0 ] || over=1
    row 8 "every page of this project" "git log --follow" "explained" "$(count '?')" 0 \
        "$(count same) of $(grep -c . "$outs/followed") the same"
    for rev in $(git -C "$outs/own" rev-list HEAD -- content themes lua-filters | head -n 10); do
        git -C "$outs/own" checkout -q "$rev"
        rm -rf "$outs/rev-fresh" "$outs/rev-store"
        "$anjian" -q build "$outs/own/content" -o "$outs/rev-fresh" 2>/dev/null || :
        "$anjian" -q build "$tree/content" --rev "$rev" -o "$outs/rev-store" 2>/dev/null || :
        same 7 "--rev $(echo "$rev" | cut -c1-7) equals a fresh checkout" "$outs/rev-fresh" "$outs/rev-store"
    done
fi
exit "$over"
