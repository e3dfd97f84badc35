#!/bin/sh
# apply: signed bundles, whole and as deltas, onto a folder; what must not be applied is refused and
# leaves the target as it was.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pages.sh"
cd "$work" || exit 1
content() { (cd "$1" && find . -path ./.anjian -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum); }
refused() { # NAME WORD COMMAND...: exit 3, says WORD, the target is as before
    name=$1 word=$2
    shift 2
    content target >before
    code=0
    "$@" >out 2>err || code=$?
    check "$name: exit 3" test "$code" = 3
    check "$name: said" grep -q "$word" err
    content target >after
    check "$name: the target stays" cmp -s before after
}
commit() { git -C site add -A && GIT_COMMITTER_DATE="$1 +0000" git -C site commit -qm "$1"; }
many_pages site 12 甲
git init -q site
commit 2026-01-05T10:00:00
"$ANJIAN" -q keygen key >names
check "keygen names its files" test "$(tr '\n' ' ' <names)" = "key.pub key.key "
check "the secret key is for its owner only" test "$(stat -c %a key.key)" = 600
code=0; "$ANJIAN" -q keygen key >/dev/null 2>err || code=$?
check "keygen never overwrites" test "$code" = 3
"$ANJIAN" -q bundle site --key key.key -o one.zip >/dev/null
printf '# 新\n\n先通风。\n' >site/cases/new.md
rm site/models/p1.md
commit 2026-01-06T10:00:00
"$ANJIAN" -q bundle site --key key.key -o two.zip >/dev/null
"$ANJIAN" -q bundle site --key key.key --since one.zip -o delta.zip >/dev/null
"$ANJIAN" -q bundle site --key key.key --since HEAD~1 -o delta2.zip >/dev/null
"$ANJIAN" -q bundle site --key key.key --format tar.zst -o two.tar.zst >/dev/null
check "a delta against a bundle or its commit: the same bytes" cmp delta.zip delta2.zip
check "and the same signature" cmp delta.zip.minisig delta2.zip.minisig
unzip -Z1 delta.zip >names
check "it carries patches" grep -qx patch/000 names
check "and no page twice" sh -c '! grep -q "^site/.*html" names'
check "it is smaller" test "$(stat -c %s delta.zip)" -lt "$(stat -c %s two.zip)"
for bundle in one.zip two.zip delta.zip two.tar.zst; do
    check "verify takes $bundle" "$ANJIAN" -q verify $bundle --pubkey key.pub
done
if command -v minisign >/dev/null; then
    check "minisign takes ours" minisign -Vqm two.zip -p key.pub
    cp two.zip theirs.zip && minisign -S -W -s key.key -m theirs.zip >/dev/null 2>&1
    check "and we take minisign's" "$ANJIAN" -q verify theirs.zip --pubkey key.pub
else
    lacks "minisign takes ours" "no minisign: apt-get install minisign"
fi

check "apply makes the folder" "$ANJIAN" -q apply one.zip target --pubkey key.pub
unzip -q one.zip -d un1 && unzip -q two.zip -d un2
content un1/site >want1 && content un2/site >want2
content target >got
check "the site lies in it" diff want1 got
check "a delta follows" "$ANJIAN" -q apply delta.zip target --pubkey key.pub
content target >got
check "and makes the very site" diff want2 got
content target/.anjian/previous >got
check "the generation before is kept" diff want1 got
"$ANJIAN" apply delta.zip target --pubkey key.pub 2>err
check "once more: nothing to do" grep -q '已经是这个版本' err
"$ANJIAN" -q bundle site --key key.key --format tar.zst --since two.tar.zst -o none.tar.zst >/dev/null
check "a delta of nothing is no trouble" "$ANJIAN" -q verify none.tar.zst --pubkey key.pub
"$ANJIAN" -q bundle site --key key.key --format tar.zst --since one.zip -o delta.tar.zst >/dev/null
"$ANJIAN" -q apply one.zip target2 --pubkey key.pub
check "a delta as tar.zst, against a zip" "$ANJIAN" -q apply delta.tar.zst target2 --pubkey key.pub
content target2 >got
check "makes the same site" diff want2 got
printf 'spoilt' >>target2/cases/new.html
mv target kept && mv target2 target
refused "a delta that is applied already, onto a spoilt page" '完整的包' "$ANJIAN" apply delta.zip target --pubkey key.pub
rm -r target && mv kept target

refused "an older bundle" '旧' "$ANJIAN" apply one.zip target --pubkey key.pub
printf '改\n' >>site/cases/new.md
"$ANJIAN" -q bundle site --key key.key -o other.zip >/dev/null
refused "the same sequence, other content" '序号相同' "$ANJIAN" apply other.zip target --pubkey key.pub
"$ANJIAN" -q keygen other >/dev/null
refused "another key" '不是用这把钥匙' "$ANJIAN" apply two.zip target --pubkey other.pub
cp two.zip bare.zip
refused "no signature" '没有签名' "$ANJIAN" apply bare.zip target --pubkey key.pub
cp one.zip.minisig bare.zip.minisig
refused "another bundle's signature" '签名不符' "$ANJIAN" apply bare.zip target --pubkey key.pub
refused "no bundle" '打不开' "$ANJIAN" apply none.zip target --pubkey key.pub
refused "a secret key in the place of a public one" '不是公钥' "$ANJIAN" apply two.zip target --pubkey key.key
refused "a bundle in the place of a key" '不是公钥' "$ANJIAN" apply two.zip target --pubkey two.zip
refused "a key that is not there" '没有公钥' "$ANJIAN" apply two.zip target --pubkey none.pub
refused "a folder in the place of a bundle" '这是文件夹' "$ANJIAN" apply un1 target --pubkey key.pub
refused "a file in the place of the target" '没有的会新建' "$ANJIAN" apply two.zip two.zip --pubkey key.pub
refused "a delta since a bundle that is not there" '没有这个包' "$ANJIAN" bundle site --since none.zip -o no.zip
code=0; "$ANJIAN" apply two.zip target 2>err || code=$?
check "no key at all is wrong usage" test "$code" = 2
check "… and says which is missing" grep -q '写上发包人的公钥：--pubkey FILE' err
for format in epub html scorm12; do
    "$ANJIAN" -q bundle site --key key.key --format $format -o "other.$format" >/dev/null
    check "verify takes $format too" "$ANJIAN" verify other.$format --pubkey key.pub
    refused "but apply does not" 'html、zim 的直接打开\|--format zip 或 tar.zst' "$ANJIAN" apply other.$format target --pubkey key.pub
    printf x >>other.$format
    refused "nor verify, when it was changed" '签名不符' "$ANJIAN" verify other.$format --pubkey key.pub
done
code "$ANJIAN" apply delta.zip none --pubkey key.pub
check "a target that was not there is not there after a refusal" test "$code" = 3 -a ! -e none
refused "an unpacked bundle as the target" '后面加上 /site' "$ANJIAN" apply two.zip un1 --pubkey key.pub
printf '\n' >>target/.anjian/state.json
refused "an edited state" '状态丢了或被改过' "$ANJIAN" apply two.zip target --pubkey key.pub
rm target/.anjian/state.json
refused "a lost state" '状态丢了或被改过' "$ANJIAN" apply two.zip target --pubkey key.pub
touch target/.anjian/journal && rm target/404.html # as if a disk had lost it in the middle of a switch
printf '{}' >target/.anjian/state.json
refused "a switch cut off, and a state that says nothing" 'anjian: 错误' "$ANJIAN" apply two.zip target --pubkey key.pub
cp -a target/. half && "$ANJIAN" -q apply two.zip fine --pubkey key.pub && cp fine/.anjian/state.* half/.anjian/
mv target kept && mv half target
refused "a switch cut off, and a file lost" '404.html 不见了.*删掉目标里的 .anjian' "$ANJIAN" apply two.zip target --pubkey key.pub
rm -r target && mv kept target
rm -r target/.anjian
check "without it, a whole bundle goes over anything" "$ANJIAN" -q apply two.zip target --pubkey key.pub
content target >got
check "and is whole" diff want2 got
# Two equal files, then one more that is equal to one that stays, then no search folder any more.
same() { printf '同样的字节\n' >"site/附件/$1.txt" && printf '[%s](../附件/%s.txt)\n\n' "$1" "$1" >>site/cases/twins.md; }
git -C site checkout -q . && mkdir site/附件 && printf '# 附件\n\n' >site/cases/twins.md && same a && same b
commit 2026-01-08T10:00:00
"$ANJIAN" -q bundle site --key key.key -o twins.zip >/dev/null
same c && printf 'search: false\n' >site/site.yaml
commit 2026-01-09T10:00:00
"$ANJIAN" -q bundle site --key key.key -o three.zip >/dev/null
"$ANJIAN" -q bundle site --key key.key --since twins.zip -o three-delta.zip >/dev/null
git -C site reset -q --hard HEAD~2
unzip -q twins.zip -d un3 && unzip -q three.zip -d un4
content un3/site >want3 && content un4/site >want4
check "three files with the same bytes" test "$(grep -c "$(printf '同样的字节\n' | sha256sum | cut -c1-64)" want4)" = 3
check "a delta may take the search away" sh -c 'test -d un3/site/search && test ! -e un4/site/search'
"$ANJIAN" -q apply twins.zip links --pubkey key.pub
check "equal files are stored once" test "$(find links -path '*/fu-jian/*.txt' ! -path '*/.anjian/*' -printf '%i\n' | sort -u | wc -l)" = 1
check "where no temporary file can be made, memory will do" env TMPDIR="$work/nowhere" "$ANJIAN" -q apply three-delta.zip links --pubkey key.pub
content links >got
check "… for the whole site" diff want4 got
if strace -qq -e trace=none true 2>/dev/null; then
    export ASAN_OPTIONS=detect_leaks=0 # which cannot be, under strace
    plain="strace -qq -f -o /dev/null -e inject=link,linkat:error=EPERM -e inject=renameat2:error=EINVAL"
    for format in three.zip three-delta.zip; do
        rm -rf links
        # shellcheck disable=SC2086
        check "equal files on a disk without links" $plain "$ANJIAN" -q apply twins.zip links --pubkey key.pub
        content links >got
        check "… each whole" diff want3 got
        # shellcheck disable=SC2086
        check "… and one more, by $format" $plain "$ANJIAN" -q apply $format links --pubkey key.pub
        content links >got
        check "… each whole" diff want4 got
    done
    "$ANJIAN" -q apply one.zip ntfs --pubkey key.pub
    check "a disk that knows links and no exchange" strace -qq -f -o /dev/null -e inject=renameat2:error=EINVAL \
        "$ANJIAN" -q apply delta.zip ntfs --pubkey key.pub
    content ntfs >got
    check "… gets the whole site" diff want2 got
    content ntfs/.anjian/previous | LC_ALL=C sort - want2 | uniq -d >both
    check "… and copies nothing that stays" test ! -s both
    check "… but what went" cmp ntfs/.anjian/previous/models/p1.html un1/site/models/p1.html
    "$ANJIAN" -q apply one.zip few --pubkey key.pub
    check "a file that can have no more links is copied" strace -qq -f -o linked -e trace=linkat \
        -e inject=linkat:error=EMLINK:when=2+2 "$ANJIAN" apply delta.zip few --pubkey key.pub
    check "… there were some, and others were linked" sh -c 'grep -q "EMLINK.*INJECTED" linked && test "$(grep -c " = 0$" linked)" -gt 5'
    content few >got
    check "… to the very site" diff want2 got
    content few/.anjian/previous >got
    check "… beside the whole site before" diff want1 got
    unset ASAN_OPTIONS
else
    skip "disks that refuse links" "strace does not run here"
fi
cat >read-only <<'END'
mount --bind few few && mount -o remount,ro,bind few && "$ANJIAN" apply "$1" few --pubkey key.pub
END
"$ANJIAN" -q apply one.zip few2 --pubkey key.pub && rm -rf few && mv few2 few
export ANJIAN
if unshare -rm sh -c 'mount --bind few few && mount -o remount,ro,bind few' 2>/dev/null; then
    code unshare -rm sh read-only delta.zip
    check "a read-only disk: exit 3" test "$code" = 3
    check "… and that is what is said" grep -q '^anjian: 错误: [^ ]*few 在只读的盘上，装不了：' err
else
    skip "a read-only disk" "nothing may be mounted here"
fi
if strace -qq -e trace=none true 2>/dev/null; then # FAT by FUSE, some network shares
    export ASAN_OPTIONS=detect_leaks=0
    check "a disk that knows neither modes nor links nor an exchange is good enough" strace -qq -f -o /dev/null \
        -e inject=chmod,fchmod,fchmodat:error=ENOSYS -e inject=link,linkat:error=EPERM -e inject=renameat2:error=EINVAL \
        "$ANJIAN" -q apply two.zip simple --pubkey key.pub
    unset ASAN_OPTIONS
    content simple >got
    check "… for all of the site" diff want2 got
else
    skip "a disk that knows no modes" "strace does not run here"
fi
printf 'spoilt' >target/index.html
check "the same bundle mends what was spoilt" "$ANJIAN" -q apply two.zip target --pubkey key.pub
content target >got
check "all of it" diff want2 got
mkdir -p target/notes && printf 'mine' >target/notes/diary.txt
printf 'spoilt' >target/404.html
"$ANJIAN" -q apply two.zip target --pubkey key.pub
check "what no bundle brought goes along" grep -qx mine target/notes/diary.txt
git -C site checkout -q . && GIT_COMMITTER_DATE='2026-01-07T10:00:00 +0000' git -C site commit -q --allow-empty -m later
"$ANJIAN" -q bundle site --key key.key -o later.zip >/dev/null
"$ANJIAN" -q apply later.zip target --pubkey key.pub
refused "the same pages at an older sequence" '旧' "$ANJIAN" apply two.zip target --pubkey key.pub
"$ANJIAN" -q apply one.zip old --pubkey key.pub
printf 'spoilt' >old/robots.txt
mv target kept && mv old target
refused "a delta onto a changed site" '被改过或不见了' "$ANJIAN" apply delta.zip target --pubkey key.pub
mv target old && mkdir target && printf 'mine' >target/diary.txt
refused "a folder of somebody else" '为免误删' "$ANJIAN" apply two.zip target --pubkey key.pub
rm -r target && mkdir target
refused "a delta first" '增量包' "$ANJIAN" apply delta.zip target --pubkey key.pub
many_pages plain 3 乙
code=0; "$ANJIAN" -q bundle plain --key key.key -o plain.zip >/dev/null 2>err || code=$?
check "without git there is no order: not signed" test "$code" = 3
check "… and said" grep -q 'git' err
finish
