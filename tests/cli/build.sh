#!/bin/sh
# build: any folder of Markdown becomes a site; what did not change is not made again.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pages.sh"
cd "$work" || exit 1

bare_site bare
check "a bare folder without git builds" "$ANJIAN" -q build bare -o bare-site
check "README.md becomes the index" test -f bare-site/index.html
check "Chinese names become pinyin" test -f bare-site/che-jian/guan-qu/jian-xiu/xia-guan.html
check "the first heading is the title" grep -q '<h1>下罐作业</h1>' bare-site/che-jian/guan-qu/jian-xiu/xia-guan.html
check "without a heading the file name is" grep -q '<h1>plain</h1>' bare-site/guide/plain.html
check "links to .md lead to pages" grep -q 'href="../../ban-qian-hui.html"' bare-site/che-jian/guan-qu/jian-xiu/xia-guan.html
check "no git is said" sh -c '"$1" build bare -o bare-site 2>&1 | grep -q git' - "$ANJIAN"
check "search is there" test -f bare-site/search/search.js

many_pages site 40 甲
check "forty pages build" "$ANJIAN" -q build site -o out --stats first.json
check "stats count the pages" grep -q '"pages": 40' first.json
check "all are made" grep -q '"made": 40' first.json
"$ANJIAN" -q build site -o out --stats again.json
check "a second build makes nothing" grep -q '"made": 0' again.json
check "and writes nothing" grep -q '"written": 0' again.json
sleep 0.05
printf '# 第 1 页 改\n\n新的正文。\n' >site/models/p1.md
stamp=$(stat -c %Y%i out/cases/p4.html)
"$ANJIAN" -q build site -o out --stats one.json
check "one change makes one page" grep -q '"made": 1' one.json
check "its page is new" grep -q '新的正文' out/models/p1.html
check "another page's file is the same" test "$(stat -c %Y%i out/cases/p4.html)" = "$stamp"
"$ANJIAN" -q build site -o full
check "incremental equals cold" test "$(tree_sum out)" = "$(tree_sum full)"
"$ANJIAN" -q build site -o out --full
check "incremental equals --full" test "$(tree_sum out)" = "$(tree_sum full)"
rm site/models/p1.md
"$ANJIAN" -q build site -o out
check "a removed page goes" test ! -e out/models/p1.html
printf 'junk' >out/models/p5.html
"$ANJIAN" -q build site -o out
check "a spoiled file is mended" grep -q '<h1>' out/models/p5.html
touch out/stray.html
"$ANJIAN" -q build site -o out
check "a stray file goes" test ! -e out/stray.html
check "-j1 and -j2 give the same bytes" sh -c '"$1" -q build site -o j1 -j1 && "$1" -q build site -o j2 -j2' - "$ANJIAN"
check "… byte for byte" test "$(tree_sum j1)" = "$(tree_sum j2)"
check "files are 0644 whatever the umask" sh -c 'umask 077; "$1" -q build site -o um && test "$(stat -c %a um/index.html)" = 644 && test "$(stat -c %a um/cases)" = 755' - "$ANJIAN"

mkdir mine && echo keep >mine/file
mkdir warned && printf '# 一页\n' >warned/a.md && head -c 3000 /dev/zero >warned/b.bin && printf 'assets: {max_kb: 2}\n' >warned/site.yaml
"$ANJIAN" build warned -o warned-out 2>err
check "a warning is told" grep -q heavy-asset err
"$ANJIAN" -q build warned -o warned-out 2>err
check "… with -q errors only" test ! -s err
code=0; "$ANJIAN" -q build site -o mine 2>err || code=$?
check "a folder that is not ours is refused" test "$code" = 3
check "… and left alone" test "$(cat mine/file)" = keep

mkdir -p own && printf '# 页\n' >own/a.md
(cd own && "$ANJIAN" -q build && "$ANJIAN" -q bundle >/dev/null && "$ANJIAN" -q build)
check "builds and bundles of a site never get into it" sh -c '! find own/dist/site -name "*.zip" | grep -q .'

mkdir -p drafts && printf -- '---\ntitle: 稿\ndraft: true\n---\n未定。\n' >drafts/a.md && printf '# 定\n' >drafts/b.md
"$ANJIAN" -q build drafts -o dr
check "a draft is not published" test ! -e dr/a.html
"$ANJIAN" -q build drafts -o dr --drafts
check "--drafts publishes it" test -e dr/a.html

mkdir -p moved && printf -- '---\ntitle: 新\naliases: [old/page.html]\nslug: fresh\n---\n正文。\n' >moved/now.md
"$ANJIAN" -q build moved -o mv --base-url https://example.org/site
check "slug gives the address" test -f mv/fresh.html
check "an alias redirects" grep -q 'url=../fresh.html' mv/old/page.html
check "with a base URL there is a sitemap" grep -q 'https://example.org/site/fresh.html' mv/sitemap.xml
check "and a feed" test -f mv/feed.xml

mkdir -p heavy/pages && printf 'assets: {page_kb: 1}\n' >heavy/site.yaml
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf '# 第 %s 页\n\n正文。\n' "$i" >"heavy/pages/p$i.md"; done
"$ANJIAN" build heavy -o hv 2>first
check "pages above page_kb are named, the heaviest first, the rest counted" \
    sh -c 'test "$(grep -c "heavy-page" first)" = 11 && grep -q "还有 [0-9]* 页也太重" first'
printf '\n再一句。\n' >>heavy/pages/p1.md
"$ANJIAN" build heavy -o hv 2>second
"$ANJIAN" build heavy -o hv2 2>cold
check "a build that keeps them says the same as a cold one" \
    sh -c 'grep heavy-page second >a; grep heavy-page cold >b; cmp a b'
printf 'assets: {page_kb: 0}\n' >heavy/site.yaml
"$ANJIAN" build heavy -o hv 2>third
check "page_kb 0 asks for nothing" sh -c '! grep heavy-page third'
finish
