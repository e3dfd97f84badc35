#!/bin/bash
# apply-kill: apply is killed before its K-th file-changing call; the target is the old site or the new
# one, and the next run makes it the new one. Then the same on a disk that knows neither links nor an
# exchange of names, and on one that knows links: each page is the old one or the new one. Last, apply
# itself is killed while a worker of it stands behind its K-th call: none of them outlives it.
# ANJIAN_SWEEP=1 takes every K, ANJIAN_SWEEP=2/5 the second of five parts of them all,
# ANJIAN_SWEEP_SEARCH=true a site with a search folder, ANJIAN_SWEEP_PAGES=300 one of so many pages.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pages.sh"
set +e # a killed program is what we are after
export ASAN_OPTIONS=detect_leaks=0 # which cannot be, under strace
cd "$work" || exit 1
calls=rename,renameat,renameat2,write,pwrite64,mkdir,mkdirat,unlink,unlinkat,rmdir,link,linkat,openat,openat2,fsync,syncfs,fchmod,ftruncate
if ! strace -qq -e trace=none true 2>/dev/null; then
    echo "1..0 # SKIP strace does not run here"
    exit 0
fi
files() { (cd "$1" && find . -path ./.anjian -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum); }
content() { files "$1" | sha256sum; }
commit() { git -C site add -A && GIT_COMMITTER_DATE="$1 +0000" git -C site commit -qm "$1"; }
many_pages site "${ANJIAN_SWEEP_PAGES:-4}" 甲
git init -q site && printf 'search: %s\n' "${ANJIAN_SWEEP_SEARCH:-false}" >site/site.yaml
commit 2026-01-05T10:00:00
"$ANJIAN" -q keygen key >/dev/null
"$ANJIAN" -q bundle site --key key.key -o one.zip >/dev/null
printf '# 新\n' >site/cases/new.md && rm site/models/p1.md
commit 2026-01-06T10:00:00
"$ANJIAN" -q bundle site --key key.key -o two.zip >/dev/null
"$ANJIAN" -q bundle site --key key.key --since one.zip -o delta.zip >/dev/null
for made in kept:one fresh:two; do
    "$ANJIAN" -q apply ${made#*:}.zip ${made%:*} --pubkey key.pub
    mkdir ${made%:*}/notes && printf mine >${made%:*}/notes/diary.txt # of somebody else: it stays
done
old=$(content kept) new=$(content fresh)
check "the two sites differ" test "$old" != "$new"
files kept >old-files && files fresh >new-files
# Each file is one of the two sites', and those that both have are there.
is_mixed_well() {
    files "$1" >now-files
    [ -z "$(LC_ALL=C sort old-files new-files | LC_ALL=C comm -13 - <(LC_ALL=C sort now-files))" ] &&
        [ -z "$(LC_ALL=C comm -12 <(cut -c67- old-files | LC_ALL=C sort) <(cut -c67- new-files | LC_ALL=C sort) |
            LC_ALL=C comm -23 - <(cut -c67- now-files | LC_ALL=C sort))" ]
}
case ${ANJIAN_SWEEP:-} in
'') part=0 step=20 ;;
*/*) part=${ANJIAN_SWEEP%/*} step=${ANJIAN_SWEEP#*/} ;;
*) part=0 step=1 ;;
esac
# As FAT has it, and NTFS.
plain=(-e "inject=link,linkat:error=EPERM" -e "inject=renameat2:error=EINVAL")
linking=(-e "inject=renameat2:error=EINVAL")
mkfifo said
# What apply made of t: the old site, or the new one; on a plain disk each page.
is_sound() {
    if [ $disk = good ]; then
        now=$(content t)
        [ "$now" = "$old" ] || [ "$now" = "$new" ]
    else
        is_mixed_well t
    fi
}
# The next run makes it the new one, and nothing of the one before stays.
is_finished_next() {
    strace -qq -f -o /dev/null -e trace=link,linkat,renameat2 "${faults[@]}" "$ANJIAN" -q apply $bundle t --pubkey key.pub 2>err
    [ "$(content t)" = "$new" ] || return 1
    for left in .t.anjian-new t/.anjian/{stage,fresh,before,journal}; do
        [ ! -e "$left" ] || return 1
    done
}
# apply, killed itself when a worker of it has made its K-th such call, as when a stick is pulled: all that
# was under way ends at once. 1: no worker ever stood there; 2: one outlived it.
kill_over_worker() {
    local call=$1 k=$2 pid parent='' rest met=1
    timeout 60 strace -qq -f -o said -e trace=execve,"$call" "${faults[@]}" -e inject="$call:signal=STOP:when=$k" \
        "$ANJIAN" -q apply $bundle t --pubkey key.pub 2>/dev/null &
    while read -r pid rest <&4; do
        parent=${parent:-$pid}
        case $rest in
        *'stopped by SIGSTOP'*)
            if [ "$pid" = "$parent" ]; then
                kill -CONT "$pid"
            else
                kill -KILL "$parent" && met=0
            fi
            ;;
        *'--- SIGTERM'*) met=2 ;; # timeout's
        esac
    done 4<said 2>/dev/null
    wait $! 2>/dev/null
    return $met
}
for bundle in two.zip delta.zip; do
    for disk in good plain linking; do
        # What a whole bundle has in common with the site stays too: the delta stands for both there.
        [ -z "${ANJIAN_SWEEP:-}" ] && [ $bundle = two.zip ] && [ $disk != good ] && continue
        case $disk in
        good) faults=() skip='^$' ;;
        plain) faults=("${plain[@]}") skip='^(link|linkat|renameat2) ' ;;
        linking) faults=("${linking[@]}") skip='^renameat2 ' ;;
        esac
        cp -a kept t && strace -qq -f -o trace -e trace=execve,$calls "${faults[@]}" "$ANJIAN" -q apply $bundle t --pubkey key.pub
        check "$bundle on a $disk disk: applied" test "$(content t)" = "$new"
        check "… and the generation before kept" cmp kept/models/p1.html t/.anjian/previous/models/p1.html
        # strace counts each call by its name, in each process for itself; the first is apply's own
        sed -n 's/^\([0-9]*\)  *\([a-z0-9]*\)(.*/\1 \2/p' trace | awk 'NR == 1 { own = $1; next } { print $2, ++n[$1 $2], $1 == own }' >called
        cut -d' ' -f1,2 called | awk '!seen[$0]++' | grep -vE "$skip" >points
        sed -n 's/ 0$//p' called | awk '!seen[$0]++' | grep -vE "$skip" >worker-points
        rm -rf t .t.*
        wrong=0 tried=0 unfinished=0
        awk -v s="$step" -v p="$part" 'NR % s == p % s' points >sample
        while read -r call k <&3; do
            cp -a kept t
            (strace -qq -f -o /dev/null -e trace=$calls "${faults[@]}" -e inject="$call:signal=KILL:when=$k" \
                "$ANJIAN" -q apply $bundle t --pubkey key.pub; :) 2>/dev/null
            tried=$((tried + 1))
            is_sound || wrong=$((wrong + 1))
            is_finished_next || unfinished=$((unfinished + 1))
            rm -rf t .t.*
        done 3<sample
        echo "# $bundle on a $disk disk: killed at $tried of $(grep -c . points) points"
        check "$bundle on a $disk disk: never a mix$([ $disk = good ] || echo ' within a page')" test "$wrong" = 0
        check "… the next run finishes" test "$unfinished" = 0
        check "… there were points to kill at" test "$tried" -ge 8
        wrong=0 tried=0 unfinished=0 outlived=0
        awk -v s="$step" -v p="$part" 'NR % s == p % s' worker-points >sample
        while read -r call k <&3; do
            cp -a kept t
            kill_over_worker "$call" "$k"
            case $? in
            0) tried=$((tried + 1)) ;;
            2) outlived=$((outlived + 1)) ;;
            esac
            # workers put things into the stage, never into the site that stands
            [ "$(content t)" = "$old" ] || [ "$(content t)" = "$new" ] || wrong=$((wrong + 1))
            is_finished_next || unfinished=$((unfinished + 1))
            rm -rf t .t.*
        done 3<sample
        echo "# … and apply itself over a worker at $tried of $(grep -c . worker-points)"
        check "$bundle on a $disk disk: no worker outlives apply" test "$outlived" = 0
        check "… and the site stands" test "$wrong" = 0
        check "… the next run finishes" test "$unfinished" = 0
        check "… there were workers" test "$tried" -ge 2
    done
done
finish
