#!/bin/bash
# errors: bad input is normal input. A page's error costs that page, an error of the site or the world
# leaves the old site as it was.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pages.sh"
cd "$work" || exit 1
export LC_ALL='' LANG=zh_CN.UTF-8

many_pages site 8 甲
"$ANJIAN" -q build site -o out
before=$(tree_sum out)

# bad NAME CODE PATTERN: builds with site/pages/bad.md as it is; the page becomes a notice.
bad() {
    code=0
    "$ANJIAN" -q build site -o out 2>err || code=$?
    check "$1: exit 1" test "$code" = 1
    check "$1: named with file and line" grep -qE "$2" err
    check "$1: in Chinese with a cure" grep -q '→' err
    check "$1: a notice stands at its address" grep -q '暂时看不了' out/pages/bad.html
    check "$1: the other pages are published" grep -q '第 4 页' out/cases/p4.html
}
printf '# 坏\n\n好\xff坏\n' >site/pages/bad.md
bad "invalid UTF-8" 'site/pages/bad.md:3'
printf '# 坏\n\n零\0字节\n' >site/pages/bad.md
bad "NUL" 'site/pages/bad.md:3'
printf -- '---\ntitle: 没有结尾\n\n正文\n' >site/pages/bad.md
bad "missing ---" 'site/pages/bad.md:[0-9]+'
printf -- '---\ntitle: [没有收尾\n---\n\n正文\n' >site/pages/bad.md
bad "a YAML slip" 'site/pages/bad.md:[0-9]+'
{ echo '# 大'; head -c 10000000 /dev/zero | tr '\0' 'a'; } >site/pages/bad.md
bad "a 10 MB page" 'site/pages/bad.md'
mkdir -p site/lua-filters/boom && printf 'function Para(p)\n  error("哎呀")\nend\n' >site/lua-filters/boom/boom.lua
printf 'filters: [quiz, boom]\n' >site/site.yaml
printf '# 坏\n\n一段。\n' >site/pages/bad.md
code=0; "$ANJIAN" -q build site -o out2 2>err || code=$?
check "a Lua error: exit 1" test "$code" = 1
check "a Lua error: filter and line" grep -q 'boom.lua:2' err
printf 'function Para(p)\n  while true do end\nend\n' >site/lua-filters/boom/boom.lua
mkdir loop && mv site/cases loop/cases && mkdir site/cases
printf '# 一\n' >site/cases/one.md
code=0; timeout 120 "$ANJIAN" -q build site -o out2 2>err || code=$?
check "an endless filter: exit 1" test "$code" = 1
check "an endless filter: page named" grep -q 'pages/bad.md' err
check "an endless filter: others published" test -f out2/cases/one.html
rm -r site/cases && mv loop/cases site/cases
printf 'function Para(\n' >site/lua-filters/boom/boom.lua
code=0; "$ANJIAN" -q build site -o out2 2>err || code=$?
check "a filter that does not compile: exit 1" test "$code" = 1
check "… named with its line" grep -q 'boom.lua:[0-9]' err
rm -r site/site.yaml site/lua-filters site/pages/bad.md

printf '# 链\n\n[外面](../../../etc/passwd)\n\n[没有](nothing.md)\n\n![图](no.png)\n\n[锚](p3.md#nowhere)\n' >site/pages/bad.md
code=0; "$ANJIAN" -q build site -o out 2>err || code=$?
check "dead links: exit 1" test "$code" = 1
check "out of the tree" grep -q 'bad.md:3.*link-outside' err
check "dead link" grep -q 'bad.md:5.*dead-link' err
check "missing image" grep -q 'bad.md:7.*missing-image' err
check "dead anchor" grep -q 'bad.md:9.*dead-anchor' err
check "the page stays" grep -q '<h1>链</h1>' out/pages/bad.html
ln -s /etc site/pages/etc
code=0; "$ANJIAN" -q build site -o out 2>err || code=$?
check "a link out of the tree is reported" grep -q 'site/pages/etc' err
check "… and not followed" test ! -e out/pages/etc/passwd
rm site/pages/etc site/pages/bad.md
code=0; "$ANJIAN" -q build site -o out 2>err || code=$?
check "mended: exit 0" test "$code" = 0
check "mended: as before" test "$(tree_sum out)" = "$before"

printf '# 甲\n' >site/pages/Same.md
printf '# 乙\n' >site/pages/same.md
code=0; "$ANJIAN" -q build site -o out 2>err || code=$?
check "two pages with one address: exit 1" test "$code" = 1
check "… both named" sh -c 'grep -q Same.md err && grep -q same.md err'
check "… the old site stays" test "$(tree_sum out)" = "$before"
rm site/pages/Same.md site/pages/same.md
printf 'title: [x\n' >site/site.yaml
code=0; "$ANJIAN" -q build site -o out 2>err || code=$?
check "a broken site.yaml: exit 1" test "$code" = 1
check "… named with its line" grep -q 'site/site.yaml:[0-9]' err
check "… the old site stays" test "$(tree_sum out)" = "$before"
rm site/site.yaml

printf '# 链\n\n[没有](nothing.md)\n' >site/pages/bad.md
code=0; "$ANJIAN" -q build site -o out --strict 2>err || code=$?
check "--strict: exit 1" test "$code" = 1
check "--strict: nothing published" test "$(tree_sum out)" = "$before"
rm site/pages/bad.md

# The world: no permission, a full disk.
mkdir locked && chmod 755 . locked && cp -r site readable && chmod -R a+rX readable
code=0
if [ "$(id -u)" = 0 ]; then
    chmod 711 "$work" # the tree itself may lie where nobody else may look
    mkdir share && cp -r "$root/themes" "$root/lua-filters" share/ && cp "$ANJIAN" program
    ANJIAN_DATA=$work/share setpriv --reuid=65534 --clear-groups "$work/program" -q build readable -o locked/out 2>err || code=$?
else
    chmod 555 locked
    "$ANJIAN" -q build readable -o locked/out 2>err || code=$?
fi
check "no permission: exit 3" test "$code" = 3
check "no permission: said in Chinese" grep -q '错误' err
printf '# 新\n\n%s\n' "$(head -c 60000 /dev/zero | tr '\0' 'x')" >site/pages/new.md
code=0; (ulimit -f 20; "$ANJIAN" -q build site -o out --full) 2>err || code=$?
check "a full disk: exit 3" test "$code" = 3
check "a full disk: said" grep -q '错误' err
check "a full disk: the old site stays" test "$(tree_sum out)" = "$before"
check "nothing is left beside OUT" sh -c '! ls -d .out.new-* 2>/dev/null'
rm site/pages/new.md

# A theme whose template calls itself.
mkdir -p site/themes && cp -r "$root/themes/classic" site/themes/loop
printf '{{> page}}' >site/themes/loop/templates/page.html
cp site/site.yaml site.yaml.kept 2>/dev/null || : >site.yaml.kept
echo 'theme: loop' >>site/site.yaml
code=0; "$ANJIAN" -q build site -o out 2>err || code=$?
check "an endless template: exit 3" test "$code" = 3
check "an endless template: named" grep -q 'page.html 没有尽头' err
check "an endless template: the old site stays" test "$(tree_sum out)" = "$before"
rm -r site/themes && cp site.yaml.kept site/site.yaml

printf '\xef\xbb\xbf---\r\ntitle: 有 BOM\r\n---\r\n\r\n正文\r\n' >site/pages/bom.md
code=0; "$ANJIAN" -q build site -o out 2>err || code=$?
check "a BOM and CRLF are simply read" test "$code" = 0
check "… with their title" grep -q '<h1>有 BOM</h1>' out/pages/bom.html
finish
