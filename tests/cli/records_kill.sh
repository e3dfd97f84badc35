#!/bin/sh
# records_kill: collect is killed at every system call that changes a file; the ledger opens, is sound,
# and the next run completes.
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
export SOURCE_DATE_EPOCH=1795600000
if ! strace -o /dev/null true 2>/dev/null; then
    skip "killed at every call" "no strace here, or no right to trace"
    finish
fi
cat >make.mjs <<END
import { load } from '$root/tests/tools/record.mjs';
import fs from 'node:fs';
const r = load();
const page = { id: 'a.md', url: 'a.html', title: '甲', kind: 'page' };
fs.mkdirSync('in');
for (const file of ['a', 'b']) {
  const c = r.open({ site: { id: 'https://s/', language: 'zh-CN', generator: 'Anjian' }, key: 'k', chain: file.repeat(32) });
  const lines = [1, 2, 3].map((i) => r.add(c, { verb: 'completed', who: r.pseudonym('k', '100' + i), page,
    time: $SOURCE_DATE_EPOCH * 1000 + i, registration: r.uuid() }));
  fs.writeFileSync('in/' + file + '.jsonl', lines.map((l) => l + '\n').join('') + 'half a li');
}
END
node make.mjs
"$ANJIAN" -q records collect in --db whole.db >said || :
whole=$("$ANJIAN" records verify --db whole.db 2>said)
check "the whole ledger" sh -c 'echo "$1" | grep -q "6 条记录，2 个会签"' sh "$whole"
points=0 unsound=0 incomplete=0 unsigned=0
for call in openat write pwrite64 ftruncate fsync fdatasync rename renameat2 link unlink unlinkat mkdir fchmod fchown fallocate; do
    k=0
    while :; do
        k=$((k + 1))
        rm -f x.db*
        died=0
        # Opening files to read happens before a ledger is there: those points are cheap and tried too.
        strace -f -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$k" \
            "$ANJIAN" -q records collect in --db x.db >/dev/null 2>&1 || died=$?
        [ "$died" = 137 ] || break
        points=$((points + 1))
        if [ -e x.db ]; then
            "$ANJIAN" records verify --db x.db >said 2>&1 || { unsound=$((unsound + 1)); echo "# $call $k"; cat said; }
            if grep -q record-unsigned said; then unsigned=$((unsigned + 1)); fi
        fi
        "$ANJIAN" -q records collect in --db x.db >said 2>&1 || :
        [ "$("$ANJIAN" records verify --db x.db 2>>said)" = "x.db${whole#whole.db}" ] ||
            { incomplete=$((incomplete + 1)); echo "# $call $k"; sed 's/^/# /' said; }
    done
done
echo "# killed at $points calls"
check "many points were tried" test "$points" -ge 50
check "the ledger is sound after each" test "$unsound" = 0
check "a head that is not signed yet is told" test "$unsigned" -ge 1
check "the next run completes after each" test "$incomplete" = 0
finish
