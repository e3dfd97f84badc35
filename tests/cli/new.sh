#!/bin/sh
# new.sh - `anjian new`: pages that the loader takes, a site that builds, nothing overwritten.
. "$(dirname "$0")/lib.sh"
cd "$work"
export SOURCE_DATE_EPOCH=1795132800

for kind in case model lesson course quiz page; do
    code "$ANJIAN" new "$kind" tank
    check "new $kind leaves with 0" test "$code" = 0
    folder=${kind}s
    [ "$kind" = quiz ] && folder=quizzes
    echo "$folder/tank.md" >expected
    check "new $kind names the file it made, and nothing else" diff -u expected out
    check "the file is there and may be read by all" test "$(stat -c %a "$folder/tank.md")" = 644
done
check "the date is the one asked for" grep -qx '日期: 2026-11-20.*' cases/tank.md
check "a course lists the pages there are" grep -qx '  - cases/tank.md' courses/tank.md

code "$ANJIAN" new case 储罐清理
check "a Chinese name is a name" test "$code" = 0 -a -f cases/储罐清理.md

cp cases/tank.md before
code "$ANJIAN" new case tank
check "an existing file leaves with 3" test "$code" = 3
check "an existing file stays" cmp before cases/tank.md
check "stdout stays empty then" test ! -s out

for name in ../x a/b .x 'a b' index ''; do
    code "$ANJIAN" new case "$name"
    check "the name [$name] is refused with 2" test "$code" = 2
done
code "$ANJIAN" new
check "no words leave with 2" test "$code" = 2
code "$ANJIAN" new poem x
check "an unknown kind leaves with 2" test "$code" = 2
check "nothing came out of the folder" test ! -e ../x.md

code "$ANJIAN" new site 课堂
check "new site leaves with 0" test "$code" = 0
check "new site names every file" grep -qx '课堂/courses/sample.md' out
code "$ANJIAN" build 课堂 -o site
check "the new site builds without errors" test "$code" = 0
check "its home page is there" test -f site/index.html
check "its case is there" test -f site/cases/sample.html
code "$ANJIAN" check 课堂
check "the new site passes check" test "$code" = 0
code "$ANJIAN" new site 课堂
check "an existing folder leaves with 3" test "$code" = 3
code "$ANJIAN" -C 课堂 new lesson 班前会
check "-C says where" test "$code" = 0 -a -f 课堂/lessons/班前会.md
finish
