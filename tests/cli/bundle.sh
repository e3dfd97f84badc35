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
check "there is a start page" grep -qx start.html names
check "and the site" grep -qx site/index.html names
check "hidden files stay at home" sh -c '! grep -q "/\." names'
unzip -q pack.zip -d un
check "the start page leads in" grep -q 'url=site/index.html' un/start.html
check "an attachment with a blank in its name is linked" sh -c 'f=$(grep -o "fu-jian/jian-cha-biao[^\"]*txt" un/site/index.html | head -n 1); test -n "$f" && test -f "un/site/$f"'
check "the manifest lists every file" test "$(grep -c '"path"' un/manifest.json)" = "$(find un/site -type f | wc -l)"
check "its sizes are true" sh -c 's=$(stat -c %s un/site/index.html); tr -d "\n " <un/manifest.json | grep -q "\"path\":\"index.html\",\"size\":$s"'
"$ANJIAN" -q bundle site --format tar.zst -o pack.tar.zst >/dev/null
mkdir un2 && tar --zstd -xf pack.tar.zst -C un2
check "tar.zst holds the same files" diff -r un un2
check "and no time but one" sh -c 'test "$(find un2 -type f -newermt 1980-01-02 | wc -l)" = 0'
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
code "$ANJIAN" bundle site --format scorm12 --page nowhere.html -o no.zip
check "a page that is not there is said" test "$code" = 3
code "$ANJIAN" bundle site --format zip --page index.html -o no.zip
check "zip is always whole" test "$code" = 2
finish
