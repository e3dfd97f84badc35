#!/bin/bash
# apply-kill: apply is killed before its K-th file-changing call; the target is the old site or the new
# one, and the next run makes it the new one. ANJIAN_SWEEP=1 takes every K.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pages.sh"
set +e # a killed program is what we are after
cd "$work" || exit 1
calls=rename,renameat,renameat2,write,pwrite64,mkdir,mkdirat,unlink,unlinkat,rmdir,link,linkat,openat,openat2,fsync,syncfs,fchmod,ftruncate
if ! strace -qq -e trace=none true 2>/dev/null; then
    echo "1..0 # SKIP strace does not run here"
    exit 0
fi
content() { (cd "$1" && find . -path ./.anjian -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum); }
commit() { git -C site add -A && GIT_COMMITTER_DATE="$1 +0000" git -C site commit -qm "$1"; }
many_pages site 4 甲
git init -q site && printf 'search: false\n' >site/site.yaml
commit 2026-01-05T10:00:00
"$ANJIAN" -q keygen key >/dev/null
"$ANJIAN" -q bundle site --key key.key -o one.zip >/dev/null
printf '# 新\n' >site/cases/new.md && rm site/models/p1.md
commit 2026-01-06T10:00:00
"$ANJIAN" -q bundle site --key key.key -o two.zip >/dev/null
"$ANJIAN" -q bundle site --key key.key --since one.zip -o delta.zip >/dev/null
"$ANJIAN" -q apply one.zip kept --pubkey key.pub && old=$(content kept)
"$ANJIAN" -q apply two.zip fresh --pubkey key.pub && new=$(content fresh)
check "the two sites differ" test "$old" != "$new"
for bundle in two.zip delta.zip; do
    cp -a kept t && strace -qq -f -o trace -e trace=$calls "$ANJIAN" -q apply $bundle t --pubkey key.pub
    # strace counts each call by its name
    sed -n 's/^[0-9 ]*\([a-z0-9]*\)(.*/\1/p' trace | awk '{ print $1, ++n[$1] }' >points
    rm -rf t .t.*
    wrong=0 tried=0 unfinished=0
    step=$([ -n "${ANJIAN_SWEEP:-}" ] && echo 1 || echo 29)
    awk -v s="$step" 'NR % s == 0' points >sample
    while read -r call k <&3; do
        cp -a kept t
        (strace -qq -f -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$k" \
            "$ANJIAN" -q apply $bundle t --pubkey key.pub; :) 2>/dev/null
        tried=$((tried + 1))
        now=$(content t)
        [ "$now" = "$old" ] || [ "$now" = "$new" ] || wrong=$((wrong + 1))
        "$ANJIAN" -q apply $bundle t --pubkey key.pub 2>err
        [ "$(content t)" = "$new" ] || unfinished=$((unfinished + 1))
        [ -e .t.anjian-new ] || [ -e t/.anjian/stage ] || [ -e t/.anjian/fresh ] && unfinished=$((unfinished + 1))
        rm -rf t .t.*
    done 3<sample
    echo "# $bundle: killed at $tried of $(grep -c . points) points"
    check "$bundle: never a mix" test "$wrong" = 0
    check "$bundle: the next run finishes" test "$unfinished" = 0
    check "$bundle: there were points to kill at" test "$tried" -ge 8
done
finish
