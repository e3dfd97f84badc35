#!/bin/sh
# records: a year of training in small, with faults: each is named, what no fault touched is kept, and twice is once.
# With FULL=1 (make year) the year is 500 workers, 20 kiosks, 12 courses, 60,000 statements, 200 faults, and times count.
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
if [ "${FULL:-}" ]; then kiosks=20 statements=60000 faults=200 workers=500 courses=12; else kiosks=4 statements=3000 faults=60 workers=40 courses=4; fi
node "$root/tests/tools/year.mjs" year "$ANJIAN" --workers $workers --kiosks $kiosks --courses $courses --statements $statements --faults $faults || exit 1
# within SECONDS COMMAND…: says how long it took; with FULL that is a check.
within() {
    most=$1
    shift
    from=$(date +%s%N)
    "$@" >/dev/null 2>&1 || :
    took=$((($(date +%s%N) - from) / 1000000))
    echo "# $took ms: $*"
    [ -z "${FULL:-}" ] || check "within $most s: $*" test "$took" -le $((most * 1000))
}
export SOURCE_DATE_EPOCH=1795600000

code "$ANJIAN" records collect year/clean --db clean.db
check "a clean year is collected without a word" test "$code" = 0 -a ! -s out
code "$ANJIAN" records verify --db clean.db
check "and its ledger holds all statements" sh -c 'test "$1" = 0 && grep -q "：$2 条记录，$3 个会签" out' sh "$code" $statements $kiosks

find year/sticks -type f -exec sha256sum {} + | sort >before
within 10 "$ANJIAN" -q records collect year/sticks --db timed.db
code "$ANJIAN" records collect year/sticks --db year.db
cp out said
check "faults make the exit code 1" test "$code" = 1
find year/sticks -type f -exec sha256sum {} + | sort >after
check "no source file is changed" cmp before after
# shellcheck disable=SC2016
check "each fault is named with its file and line" node -e '
    const fs = require("fs"), said = fs.readFileSync("said", "utf8");
    const truth = JSON.parse(fs.readFileSync("year/truth.json"));
    if (truth.faults.length < (process.env.FULL ? 200 : 60)) throw new Error("too few faults: " + truth.faults.length);
    const codes = { lost: ["gap"], edited: ["id"], swapped: ["order"], doubled: ["id"], forged: ["prev"], cut: ["cut"] };
    for (const f of truth.faults)
        if (!codes[f.kind].some((c) => said.split("\n").some((l) => l.startsWith(`year/${f.file}:${f.line}: `) && l.endsWith(`[record-${c}]`))))
            throw new Error(JSON.stringify(f));
    for (const kind of Object.keys(codes)) if (!truth.faults.some((f) => f.kind === kind)) throw new Error("no fault: " + kind);'
code node "$root/tests/tools/yearcount.mjs" year --ids
sort out >ids
"$ANJIAN" records list --db year.db | sort >kept
check "every untouched statement is in the ledger" sh -c 'test -s ids && ! comm -23 ids kept | grep .'
"$ANJIAN" records list --db year.db --lines | LC_ALL=C sort >once
"$ANJIAN" records collect year/sticks --db year.db >again 2>&1 || :
"$ANJIAN" records list --db year.db --lines | LC_ALL=C sort >twice
check "collecting twice changes nothing" cmp once twice

# --- reports ------------------------------------------------------------------------------------------
report() {
    code "$ANJIAN" -q records report --db clean.db --site year/site --roster year/roster.csv --key year/key "$@"
}
# shellcheck disable=SC2016
same_hours='
    const fs = require("fs"), rows = fs.readFileSync("credits.csv", "utf8").replace("\ufeff", "").trim().split("\r\n").map((l) => l.split(","));
    const at = ["工号", "课程", "年", "学时"].map((n) => rows[0].indexOf(n));
    const got = rows.slice(1).map((r) => at.map((i) => r[i]).join(",")).sort().join("\n");
    const want = fs.readFileSync("want", "utf8").trim();
    if (!want || got !== want) throw new Error(got.slice(0, 300));'
node "$root/tests/tools/yearcount.mjs" year --hours >want
report --form credits -o credits.csv
check "hours are those of an independent count" node -e "$same_hours"
node "$root/tests/tools/yearcount.mjs" year --due >want
report --form due -o due.csv
# shellcheck disable=SC2016
check "so is who has to learn, and why" node -e '
    const fs = require("fs"), rows = fs.readFileSync("due.csv", "utf8").replace("\ufeff", "").trim().split("\r\n").map((l) => l.split(","));
    const at = ["工号", "课程", "情况"].map((n) => rows[0].indexOf(n));
    const got = rows.slice(1).map((r) => at.map((i) => r[i]).join(",")).sort().join("\n");
    const want = fs.readFileSync("want", "utf8").trim();
    for (const state of ["未学", "未合格", "学的是旧版"]) if (!want.includes(state)) throw new Error("no case of " + state);
    if (got !== want) {
        const a = new Set(got.split("\n")), b = new Set(want.split("\n"));
        throw new Error([...a].filter((x) => !b.has(x)).slice(0, 3) + " | " + [...b].filter((x) => !a.has(x)).slice(0, 3));
    }'
head -c 3 due.csv | od -An -tx1 >bom
check "a table for Excel begins with a BOM" grep -q 'ef bb bf' bom
report --form due
check "a name is masked unless asked for" sh -c '! grep -q 学员1 out && grep -q "学\*\*" out'
report --form questions
check "questions are told with file and line" grep -qE '^quizzes/c01.md:[0-9]+ +c01-q1 +[0-9]+ +[0-9]+%' out
report --form editor
check "the editor gets those that want mending, as places" sh -c 'test "$1" = 0 && grep -qE "^year/site/quizzes/c0[0-9].md:[0-9]+: 警告: 题 c0[0-9]-q[0-9]+：.*\[question-quality\]" out' sh "$code"
iconv -f UTF-8 -t GB18030 year/roster.csv >gb.csv
code "$ANJIAN" -q records report --db clean.db --site year/site --roster gb.csv --key year/key --form credits -o gb-credits.csv
check "a roster in GB18030 is the same roster" cmp credits.csv gb-credits.csv
{ cat gb.csv; printf '1001,,,,,\n1999,\377\377\377,,,,\n2000,甲\n' | iconv -c -f UTF-8 -t UTF-8; printf '3001,\201\377,,,,\n3002,,,,,2026-02-30\n3003,13800138000,,,,\n3004,,,,,2026\n'; } >slips.csv
code "$ANJIAN" -q records report --db clean.db --site year/site --roster slips.csv --key year/key --form unknown
check "slips of a roster are named" sh -c '
    grep -q "slips.csv:$(($1 + 2)): .*1001.*\[roster-twice\]" err && grep -q "slips.csv:$(($1 + 5)): .*\[roster-encoding\]" err &&
    grep -q "slips.csv:$(($1 + 6)): .*2026-02-30.*\[roster-date\]" err && grep -q "slips.csv:$(($1 + 7)): .*\[roster-personal\]" err &&
    grep -q "slips.csv:$(($1 + 8)): .*“2026”.*\[roster-date\]" err' sh $workers
code "$ANJIAN" -q records report --db clean.db --site year/site --roster year/roster.csv --form unknown
check "another key knows nobody, and says so" sh -c 'test "$(grep -c ^p- out)" -gt 30'
report --form nothing -o x.html
check "an unknown form is refused" sh -c 'test "$1" = 3 && ! test -e x.html' sh "$code"

git clone -q year/site moved
git -C moved mv quizzes/c01.md quizzes/first.md
sed -i 's|quizzes/c01.md|quizzes/first.md|' moved/courses/c01.md
git -C moved commit -q -a -m 改名
node "$root/tests/tools/yearcount.mjs" year --hours >want
code "$ANJIAN" -q records report --db clean.db --site moved --roster year/roster.csv --key year/key --form credits -o credits.csv
check "an exam that was renamed is still the exam" node -e "$same_hours"
for form in hours credits due unknown questions coverage card signin meeting; do
    within 2 "$ANJIAN" -q records report --db clean.db --site year/site --roster year/roster.csv --key year/key --form $form -o timed.html
done
within 2 "$ANJIAN" -q records report --db clean.db --site year/site --roster year/roster.csv --key year/key --form person --number 1001 -o timed

# --- what was learnt ------------------------------------------------------------------------------------
# Four statements of each of five editions.
# shellcheck disable=SC2016
cat year/clean/*/*.jsonl | node -e '
    const taken = {};
    for (const line of require("fs").readFileSync(0, "utf8").trim().split("\n")) {
        const { commit } = JSON.parse(line).context.extensions["urn:anjian:record"];
        if ((taken[commit] = (taken[commit] || 0) + 1) <= 4) console.log(line);
    }' >twenty.jsonl
code "$ANJIAN" -q records verify --content --site year/site twenty.jsonl
check "the content of 20 statements is that of their day" sh -c 'test "$1" = 1 && test "$(wc -l <twenty.jsonl)" = 20 && ! grep -q record-content out' sh "$code"
cat year/clean/*/*.jsonl >whole.jsonl
code "$ANJIAN" records verify --content --site year/site whole.jsonl
check "so is that of all, over 5 editions" sh -c 'test "$1" = 0 && grep -q "$2 条记录，5 个提交" out' sh "$code" $statements
# shellcheck disable=SC2016
cat >forge.mjs <<END
import { load } from '$root/tests/tools/record.mjs';
import fs from 'node:fs';
const r = load();
const line = fs.readFileSync('whole.jsonl', 'utf8').split('\n').find((l) => l.includes('"verb":{"id":"http://adlnet.gov/expapi/verbs/passed"'));
const own = JSON.parse(line).context.extensions['urn:anjian:record'];
const page = { id: own.page, url: 'x.html', title: 'x', kind: 'quiz', commit: own.commit, content: own.content, questions: own.questions };
const truth = JSON.parse(fs.readFileSync('year/truth.json', 'utf8'));
const chain = r.open({ site: { id: 'https://year.example.org/' }, key: 'k' });
const add = (more) => r.add(chain, { verb: 'passed', who: 'p-x', time: 1795500000000, registration: r.uuid(), page: { ...page, ...more } });
fs.writeFileSync('forged.jsonl', [add({}), add({ commit: 'f'.repeat(40) }), add({ content: 'f'.repeat(40) }), add({ questions: 'f'.repeat(64) }),
  add({ commit: '' }), add({ id: 'quizzes/none.md' })].map((l) => l + '\n').join(''));
END
node forge.mjs
code "$ANJIAN" -q records verify --content --site year/site forged.jsonl
check "a forged commit, page or question is refused" sh -c '
    test "$1" = 1 && test "$(grep -c "\[record-content\]" out)" = 5 && ! grep -q "forged.jsonl:1:" out' sh "$code"

# --- bad input -----------------------------------------------------------------------------------
mkdir bad
head -n 20 year/clean/01/a.jsonl >bad/good.jsonl
cp bad/good.jsonl part.jsonl
code "$ANJIAN" records verify part.jsonl
check "a good part of a file verifies" sh -c 'test "$1" = 0 && grep -q "part.jsonl：20 条记录，没有问题" out' sh "$code"
sed 's/"format":1,/"format":2,/' part.jsonl >bad/newer.jsonl
sed 's|https://year.example.org/|https://other.example.org/|g' part.jsonl >bad/broken-site.jsonl
{ head -n 2 part.jsonl; tail -c +3 part.jsonl | head -n 1 | cut -c 1-200; } >bad/half.jsonl
{ printf '\357\273\277'; sed 's/$/\r/' part.jsonl; } >bad/windows.jsonl
{ head -c 70000000 /dev/zero | tr '\0' ' '; echo; cat part.jsonl; } >bad/blanks.jsonl
{ head -c 100000 /dev/zero | tr '\0' '\n'; cat part.jsonl; } >bad/lines.jsonl
{ head -c 100000 /dev/zero | tr '\0' 'x'; echo; cat part.jsonl; } >bad/long.jsonl
printf '[]\n{}\n{"id":"\n' >bad/other.jsonl
printf 'not read' >bad/notes.txt
mkdir bad/folder.jsonl
code "$ANJIAN" records collect bad --db bad.db
check "bad input is named" sh -c '
    grep -q "bad/newer.jsonl:1: .*\[record-format\]" out && grep -q "bad/half.jsonl:3: .*\[record-json\]" out &&
    grep -q "bad/broken-site.jsonl:1: .*\[record-id\]" out && grep -q "bad/blanks.jsonl:1: .*\[record-blank\]" out &&
    grep -q "bad/lines.jsonl:1: 警告: 有 100000 行空白 \[record-blank\]" out &&
    grep -q "bad/long.jsonl:1: .*\[record-long\]" out && grep -q "bad/other.jsonl:2: .*\[record-format\]" out &&
    ! grep -q "windows\|good.jsonl\|notes" out'
check "and the rest collected" sh -c '"$1" records verify --db bad.db | grep -q "：20 条记录"' sh "$ANJIAN"

# Statements whose hashes are right and whose contents are not.
cat >make.mjs <<END
import { load } from '$root/tests/tools/record.mjs';
import fs from 'node:fs';
const r = load();
const page = { id: 'a.md', url: 'a.html', title: '甲', kind: 'page' };
const make = (file, site, station, time, more, chain) => {
  const c = r.open({ site: { id: site, language: 'zh-CN', generator: 'Anjian' }, key: 'k', station, chain });
  const lines = [0, 1, 2].map((i) => r.add(c, { verb: 'completed', who: r.pseudonym('k', '100' + i), page, time: time + i * 1000,
    registration: r.uuid(), ...more }));
  fs.writeFileSync(file, lines.map((l) => l + '\n').join(''));
};
const now = $SOURCE_DATE_EPOCH * 1000 - 1000;
for (const folder of ['clock', 'foreign', 'person', 'twins']) fs.mkdirSync(folder);
make('clock/a.jsonl', 'https://s/', '1号', now);
make('clock/b.jsonl', 'https://s/', '2号', 5000);
make('clock/c.jsonl', 'https://s/', '3号', Date.UTC(2099, 0, 1));
make('foreign/a.jsonl', 'https://s/', '1号', now);
make('foreign/b.jsonl', 'https://else/', '1号', now);
make('person/a.jsonl', 'https://s/', '1号', now, { verb: 'answered', question: { id: 'q', type: 'fill' }, result: { response: '电话13800138000', success: true } });
fs.appendFileSync('person/a.jsonl', '{"half a line, 13900139000');
make('person/b.jsonl', 'https://s/', '一号机 13700137000', now);
make('twins/a.jsonl', 'https://s/', '1号', now, {}, 'a'.repeat(32));
make('twins/b.jsonl', 'https://s/', '1号', now, {}, 'a'.repeat(32));
END
node make.mjs
code "$ANJIAN" records collect clock --db clock.db
check "clocks of 1970 and 2099 are named, once a kiosk, and do not stop anything" sh -c '
    test "$1" = 0 && test "$(grep -c "record-clock" out)" = 2 && grep -q "clock/b.jsonl:1: .*1970" out && grep -q "共 9 条" err' sh "$code"
code "$ANJIAN" records collect foreign --db foreign.db
check "statements of another site are named and not taken" sh -c '
    test "$1" = 1 && grep -q "foreign/b.jsonl:1: .*https://else/ \[record-site\]" out && grep -q "共 3 条" err' sh "$code"
code "$ANJIAN" records collect foreign --db foreign2.db --site https://else/
check "--site says whose are taken" sh -c 'grep -q "foreign/a.jsonl:1: .*\[record-site\]" out && grep -q "共 3 条" err'
code "$ANJIAN" records collect person --db person.db
check "a mobile number is named and not kept" sh -c '
    grep -q "person/a.jsonl:1: .*\[record-personal\]" out && ! grep -aqE "13800138000|13900139000|13700137000" person.db' sh "$code"
code "$ANJIAN" records verify --db person.db
check "the statements count without it" sh -c 'test "$1" = 0 && grep -q "：6 条记录" out' sh "$code"
code "$ANJIAN" records collect twins --db twins.db
check "two kiosks with one id are named, and both are kept" sh -c '
    test "$1" = 1 && grep -q "twins/b.jsonl:1: .*\[record-twice\]" out && grep -q "共 6 条" err' sh "$code"

# --- wrong use, and the world ---------------------------------------------------------------------
code "$ANJIAN" records
check "no action is wrong usage" test "$code" = 2
code "$ANJIAN" records collect
check "no folder is wrong usage" test "$code" = 2
code "$ANJIAN" records collect nowhere --db x.db
check "a folder that is not there is wrong usage" sh -c 'test "$1" = 2 && ! test -e x.db' sh "$code"
echo hello there, this is no ledger at all >text.db
code "$ANJIAN" records verify --db text.db
check "a file that is no ledger is refused" sh -c 'test "$1" = 3 && grep -q text.db err && grep -q hello text.db' sh "$code"
code "$ANJIAN" records verify --db none.db
check "a ledger that is not there is not made" sh -c 'test "$1" = 3 && ! test -e none.db' sh "$code"
code "$ANJIAN" records verify nothing.jsonl
check "a file that is not there is an error of the world" test "$code" = 3
check "the desk's key is for its owner only" test "$(stat -c %a year.db.key)" = 600

# --- the ledger edited ------------------------------------------------------------------------------
cp clean.db edited.db
sed -i '0,/一号机\|1号机/s/1号机/9号机/' edited.db
code "$ANJIAN" records verify --db edited.db
check "a ledger edited by hand does not verify" test "$code" != 0

cp clean.db other.db
cp year.db.key other.db.key
code "$ANJIAN" records verify --db other.db
check "a ledger signed with another key than the desk's does not verify" sh -c 'test "$1" = 1 && grep -q "\[record-signer\]" out' sh "$code"
rm other.db.key
code "$ANJIAN" records verify --db other.db
check "without a key it is said that nobody looked who signed" sh -c 'test "$1" = 0 && grep -q "没有会签钥匙" err' sh "$code"

# --- what is deleted ---------------------------------------------------------------------------------
wrong=$(node "$root/tests/tools/yearcount.mjs" year --wrong)
export SOURCE_DATE_EPOCH=1799000000
code "$ANJIAN" records forget --db clean.db --days 30
check "wrong answers are forgotten" grep -q "删去 $wrong 条" out
code "$ANJIAN" records verify --db clean.db
check "and their proof stays" sh -c 'test "$1" = 0 && grep -q "：$2 条记录" out' sh "$code" $statements
code "$ANJIAN" -q records report --db clean.db --site year/site --form questions
check "questions are not judged by the right answers that are left" sh -c 'grep -q "已按期限删除" out && ! grep -q "^quizzes/" out'
code "$ANJIAN" records collect year/clean --db clean.db
check "they do not come back with the stick" sh -c '"$1" records forget --db clean.db --days 30 | grep -q "删去 0 条"' sh "$ANJIAN"
finish
