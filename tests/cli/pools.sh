#!/bin/sh
# pools: a course's exam draws from the pools of several pages.
#
# Questions come with their links turned, a change of a pool makes the exam again, what is wrong there
# stops the exam, and no answer stands in plain text. Must not know: how questions are recognised.
. "$(dirname "$0")/lib.sh"
cd "$work"
mkdir -p site/quizzes site/exams site/courses site/lessons
printf 'title: 站\nfilters: [quiz]\n' >site/site.yaml
gas() { # MODE ANSWER
    cat >site/quizzes/gas.md <<END
---
测验: 气体题库
$1
---
## 题库：通用

### 【单选】氧含量？
编号：gas-1

- [ ] 缺
  > 密反馈
- [x] 够

> 解析：密解析，看[通风](../lessons/air.md#通风)。

### 【判断】氮气有味。
编号：gas-2

答案：$2

## 题库：其他

### 【判断】硫化氢无毒。
编号：gas-3

答案：错

> 解析：密其他，看[这里](#根据)。

## 根据

![图](gas.png)
END
}
gas '模式: 考试' 错
printf 'P6\n' >site/quizzes/gas.png
cat >site/lessons/air.md <<'END'
---
标题: 通风课
---
## 通风

先通风。

## 测验

### 【填空】先（　）。
编号：air-1

答案：通风

### 【情景】倒下
编号：air-2

#### 开始
做什么？

- [下](#死)
- [报](#活) （+3）

#### 死
死了。

#### 活
活了。
END
printf -- '---\n标题: 课\n页面: [lessons/air.md]\n考试: exams/final.md\n---\n\n学。\n' >site/courses/first.md
final() { # LINES below the first pool's heading
    printf -- '---\n标题: 结业考试\n测验: 结业考试\n模式: 考试\n---\n## 题库：气体\n%s\n' "$1" >site/exams/final.md
    cat >>site/exams/final.md <<'END'

## 题库：课文
来自：../lessons/air.md、../quizzes/gas.md#题库：其他
抽题：2

### 【判断】自己的题。
编号：own

答案：对
END
}
final '来自：[气体题库](../quizzes/gas.md#通用)｜抽题：1'
page=site/exams/final.md

code "$ANJIAN" quiz check $page
check "the exam is clean" test "$code" = 0
"$ANJIAN" -q quiz export --to json $page >made.json
node -e 'const q = JSON.parse(require("fs").readFileSync("made.json", "utf8"));
console.log(JSON.stringify(q.pools));
for (const x of q.questions) console.log(x.pool, x.id, x.type);' >got
cat >want <<'END'
{"气体":{"size":2,"pick":1},"课文":{"size":4,"pick":2}}
气体 gas-1 single
气体 gas-2 truefalse
课文 air-1 fill
课文 air-2 scenario
课文 gas-3 truefalse
课文 own truefalse
END
check "questions of two pages and of its own, by pool" diff -u want got
"$ANJIAN" -q quiz paper $page --seed 3 >paper.html
check "a paper draws one and two" test "$(grep -c 'class="q"' paper.html)" = 3
(cd site/exams && "$ANJIAN" -q quiz export --to json final.md) >there.json
check "from any folder" cmp made.json there.json

git init -q -b main .
git add -A && git commit -q -m 一
code "$ANJIAN" build site -o made
check "it builds" test "$code" = 0
check "an exam that draws from a page of practice is told" grep -q 'final.md:10.*lessons/air.md.*\[quiz-from-open\]' err
check "… and no other" test "$(grep -c quiz-from-open err)" = 1
check "the course leads to it" grep -q 'href="../exams/final.html"' made/courses/first.html
check "six questions stand in the page" test "$(grep -c '<fieldset class="question' made/exams/final.html)" = 6
check "no answer in it" sh -c '! grep -rE "密|correct&quot;|<summary>答案" made/exams/final.html made/quizzes/gas.html'
printf '\n## 另见\n\n[通风](#通风)和[气体](../quizzes/gas.md#根据)。\n' >>site/lessons/air.md
gas '模式: 考试' 对
"$ANJIAN" -q build site -o made
check "links name a heading by its text" grep -q 'href="#tong-feng".*href="../quizzes/gas.html#gen-ju"' made/lessons/air.html
cp made/exams/final.html warm.html
"$ANJIAN" -q build site -o cold
check "a change of a pool makes the exam again" cmp warm.html cold/exams/final.html
"$ANJIAN" -q build site --rev HEAD -o old
check "an old commit draws from the pages of then" sh -c '! cmp -s old/exams/final.html warm.html && test "$(grep -c "<fieldset class=.question" old/exams/final.html)" = 6'

git add -A && git commit -q -m 改了答案 -m 'Change: substance'
"$ANJIAN" history site --retrain-since HEAD~1 >again
check "who learns again hears of the exam that draws from the page" sh -c \
    'grep -q exams/final.md again && grep -q courses/first.md again'

gas '草稿: 是' 错
code "$ANJIAN" build site -o draft
check "a draft lends questions, and is no page" test "$(grep -c '<fieldset class="question' draft/exams/final.html)" = 6 -a ! -e draft/quizzes/gas.html
gas '' 错
"$ANJIAN" build site -o open >out 2>err || :
check "practice is told once for each pool" test "$(grep -c quiz-from-open err)" = 3
gas '模式: 考试' 错

told() { # CODE LINE WORDS: what a check says of the page
    "$ANJIAN" -q quiz check $page >said 2>&1 || :
    check "$1 on line $2" grep -qE "final.md:$2: .*$3.*\[quiz-$1\]" said
}
final '来自：[无](none.md)'
told from-missing 7 none.md
final '来自：[外](../../../x.md)'
told from-missing 7 x.md
final '来自：[气体](../quizzes/gas.md#没有)'
told from-pool 7 没有
final '来自：[课](../courses/first.md)'
told from-none 7 courses/first.md
final '来自：[自己](final.md)'
told from-slip 7 exams/final.md
final '来自：[气体](../quizzes/gas.md)'
told duplicate-id 10 gas-3
final '来自：[气体](../quizzes/gas.md#通用)｜抽题：3'
told pool-small 6 气体
sed -i 's/^答案：错/答案：也许/' site/quizzes/gas.md
final '来自：[气体](../quizzes/gas.md#通用)'
told from-slip 7 quizzes/gas.md
code "$ANJIAN" -q build site -o bad
check "an exam whose pool has an error is not published as if whole" test "$code" = 1 -a \
    "$(grep -c '<fieldset' bad/exams/final.html)" = 0
printf '### 【判断】甲。\n来自：x.md\n答案：对\n' >stray.md
"$ANJIAN" -q quiz check stray.md >said 2>&1 || :
check "来自 in a question is told" grep -q 'stray.md:2: .*来自.*\[quiz-pick-place\]' said
finish
