#!/bin/bash
# kill: a build of 2,000 pages is killed at 50 random moments; what is published is the old or the new
# site, never a mix, and the next build is right.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pages.sh"
set +e # a killed build is what we are after
cd "$work"
many_pages a 2000 甲
many_pages b 2000 乙
"$ANJIAN" -q build a -o sum-a && a=$(tree_sum sum-a)
start=$(date +%s%N)
"$ANJIAN" -q build b -o sum-b && b=$(tree_sum sum-b)
whole=$((($(date +%s%N) - start) / 1000000))
check "the two sites differ" test "$a" != "$b"
RANDOM=20261120
"$ANJIAN" -q build a -o out
mixed=0 killed=0
for i in $(seq 50); do
    [ $((i % 2)) = 1 ] && from=b || from=a
    "$ANJIAN" -q build "$from" -o out --full 2>/dev/null &
    pid=$!
    sleep "$(awk -v ms=$((RANDOM % (whole * 11 / 10) + 1)) 'BEGIN { printf "%.3f", ms / 1000 }')"
    if kill -9 $pid 2>/dev/null; then
        killed=$((killed + 1))
    else
        whole=$((whole * 9 / 10 + 1)) # it was measured on a busier machine
    fi
    wait $pid 2>/dev/null
    now=$(tree_sum out)
    [ "$now" = "$a" ] || [ "$now" = "$b" ] || mixed=$((mixed + 1))
done
echo "# $killed of 50 killed before their end, a whole build takes $whole ms"
check "never a mix" test "$mixed" = 0
check "most were killed in the middle" test "$killed" -ge 25
check "the next build succeeds" "$ANJIAN" -q build b -o out
check "and is right" test "$(tree_sum out)" = "$b"
check "leftovers are gone" sh -c '! ls -d .out.new-* 2>/dev/null'
finish
