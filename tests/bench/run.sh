#!/bin/sh
# run.sh - measures Anjian against its budget and against Hugo, on a site made for it.
#
#   tests/bench/run.sh build/release/anjian [PAGES [COMMITS]]     (10000 pages, 5000 commits)
#
# Every figure is taken in this run: the best of a few, since a busy machine only ever adds. Needs what
# lib.sh needs; hugo and zip are compared with when they are there.
# Leaves with 1 when a budget is not kept. Must not know: how a site is built.
set -eu
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

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

# ---- search and zip: told here, asked for with search and bundles ----
sed -i '/^diffs: false/d' "$site/site.yaml"
build_cold 1 diffs "$site"
row 1 "cold build with diff pages: CPU more" - tell "$cpu" "" "$(calc "$cpu - $our_cpu" | cut -c1-5) s"
sed -i 's/^search: false/search: false\ndiffs: false/' "$site/site.yaml"
sed -i '/^search: false/d' "$site/site.yaml"
build_cold 1 search "$site"
index_cpu=$(calc "$cpu - $our_cpu")
found=$outs/cold$cold
index_peak=$(($(peak indexing "$anjian" build "$site" -o "$outs/indexing" --full -q) - our_peak))
index_bytes=$(du -sb "$found/search" | cut -f1)
if [ -x "$tools/node_modules/.bin/pagefind" ]; then # make relevance puts it there
    best 1 pagefind "$tools/node_modules/.bin/pagefind" --site "$found" --output-path "$outs/pagefind"
    row 9 "index: CPU that search adds" "Pagefind $(calc "$cpu" | cut -c1-5) s" 1/10 \
        "$index_cpu" "$cpu / 10" "$(times_less "$index_cpu" "$cpu")"
    row 9 "index: memory that search adds" "Pagefind $((rss / 1024)) MB" 1/15 \
        "$index_peak" "$rss / 15" "$((index_peak / 1024)) MB"
    their_bytes=$(du -sb "$outs/pagefind" | cut -f1)
    row 11 "index with excerpts: bytes" "Pagefind $(calc "$their_bytes / 1e6" | cut -c1-5) MB" 1/2 \
        "$index_bytes" "$their_bytes / 2" "$(calc "$index_bytes / 1e6" | cut -c1-5) MB"
else
    row 9 "index: CPU that search adds" "Pagefind: not here" tell "$index_cpu" "" "$index_cpu s"
    row 9 "index: memory that search adds" - tell "$index_peak" "" "$((index_peak / 1024)) MB"
    row 11 "index with excerpts: bytes" - tell "$index_bytes" "" "$(calc "$index_bytes / 1e6" | cut -c1-5) MB"
fi
if command -v node >/dev/null; then
    # Anchors: Pagefind 1.6 on 10,000 such pages loads 279 to 439 kB for a first query, 104 to 263 for a next.
    node "$here/queries.mjs" "$found" "$site" >"$work/loads"
    read -r first_median first_most next_median next_most <"$work/loads"
    row 12 "first query: median bytes" "Pagefind 279 kB" 1/4 "$first_median" "279000 / 4" "$first_median"
    row 12 "first query: most bytes" "Pagefind 439 kB" 1/4 "$first_most" "439000 / 4" "$first_most"
    row 12 "next query: median bytes" "Pagefind 104 kB" 1/3 "$next_median" "104000 / 3" "$next_median"
    row 12 "next query: most bytes" "Pagefind 263 kB" 1/3 "$next_most" "263000 / 3" "$next_most"
fi
least=
for i in 1 2 3; do
    printf '\n## 再增一节 %s\n\n先通风，再检测。\n' "$i" >>"$site/height/p000013.md"
    best 1 indexed "$anjian" build "$site" -o "$outs/cold$cold" -q
    least=$(printf '%s\n%s\n' "$wall" "${least:-$wall}" | sort -g | head -1)
done
row 6 "one page changed, index too" - "400 ms" "$least" 0.4 "$(ms "$least")"
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
built=
for i in 1 2 3; do # the same, of a site that was built since
    printf '\n## 建站后再增一节 %s\n\n先通风，再检测。\n' "$i" >>"$site/height/p000013.md"
    "$anjian" -q build "$site" -o dist/site
    best 1 rezip "$anjian" bundle "$site" -q -o ours.zip
    built=$(printf '%s\n%s\n' "$wall" "${built:-$wall}" | sort -g | head -1)
done
git -C "$work/site" reset -q --hard start
if command -v zip >/dev/null; then
    (cd dist/site && best 1 zip zip -qr "$outs/zip.zip" . && cp "$work/zip.report" "$work/z")
    read -r zip_wall _ <"$work/z"
    row 14 "zip, every file deflated: wall" "zip -r $(calc "$zip_wall" | cut -c1-5) s" "0.6 x" \
        "$all_wall" "$zip_wall * 0.6" "$(calc "$all_wall" | cut -c1-5) s ($(calc "$all_wall / $zip_wall" | cut -c1-4) x)"
    row 14 "zip, one page changed, build too: wall" "zip -r $(calc "$zip_wall" | cut -c1-5) s" tell \
        "$least" "" "$(calc "$least" | cut -c1-5) s ($(calc "$least / $zip_wall" | cut -c1-4) x)"
    row 14 "zip, one page changed, built before: wall" "zip -r $(calc "$zip_wall" | cut -c1-5) s" "aim 0.1 x" \
        "$built" "" "$(calc "$built" | cut -c1-5) s ($(calc "$built / $zip_wall" | cut -c1-4) x)"
    row 14 "zip: bytes" "zip -r $(stat -c %s "$outs/zip.zip")" "1.03 x" "$(stat -c %s ours.zip)" \
        "$(stat -c %s "$outs/zip.zip") * 1.03" "$(stat -c %s ours.zip)"
else
    row 14 "zip, every file deflated: wall" "zip: not here" - "$all_wall" "" "$all_wall s"
fi
# ---- a delta: one page in a hundred changed, search on ----
sed -i '/^search: false/d' "$site/site.yaml"
git -C "$work/site" commit -qam "site: Search"
"$anjian" -q keygen key >/dev/null
for form in zip tar.zst; do "$anjian" -q bundle "$site" --key key.key --format $form -o one.$form >/dev/null 2>&1; done
find "$site" -name 'p*.md' | sort | awk 'NR % 100 == 50' | while read -r page; do
    printf '\n## 新增一节\n\n先通风，再检测，后作业。班前会上再说一遍。\n' >>"$page"
done
git -C "$work/site" commit -qam "Say it again"
for form in zip tar.zst; do
    "$anjian" -q bundle "$site" --key key.key --format $form -o two.$form >/dev/null 2>&1
    "$anjian" -q bundle "$site" --key key.key --format $form --since one.$form -o delta.$form >/dev/null 2>&1
    whole=$(stat -c %s two.$form) part=$(stat -c %s delta.$form)
    row - "delta of 1 % changed, $form: bytes" "whole $whole" "3 %" "$part" "$whole * 0.03" \
        "$part ($(calc "$part * 100 / $whole" | cut -c1-4) %)"
done
"$anjian" -q apply one.zip shown --pubkey key.pub
best 1 apply "$anjian" -q apply delta.zip shown --pubkey key.pub
row - "apply that delta: wall" - "2 s" "$wall" 2 "$(calc "$wall" | cut -c1-5) s (CPU $(calc "$cpu" | cut -c1-5) s)"
git -C "$work/site" reset -q --hard start
exit "$over"
