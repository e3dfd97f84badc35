#!/bin/sh
# exam: nothing that a site carries tells an exam's answers in plain text.
#
# A site in git with an exam of every type, two changes of substance, search and a course; every file
# of the site, of its editions and of each kind of bundle is read. Must not know: how answers are sealed.
. "$(dirname "$0")/lib.sh"
cd "$work"
day=1
commit() {
    day=$((day + 1))
    git -C repo add -A
    GIT_AUTHOR_DATE="2026-11-0${day}T08:00:00+08:00" GIT_COMMITTER_DATE="2026-11-0${day}T08:00:00+08:00" \
        git -C repo commit -q -m "$1" -m 'Change: substance'
}
# exam N MARK: the questions, with the secret words of version N; MARK ends every word.
exam() {
    cat <<END
---
标题: 结业考试
摘要: 一共八题。
测验: 结业考试
模式: 考试
及格线: 60
---
### 【单选】氧含量应处于（　）之间。
编号：t-single

- [ ] 甲项
  > 密反馈$1$2
- [$3] 乙项
- [$4] 丙项

> 解析：密解析$1$2，回去读一遍。

### 【多选】进入之前要做哪几件事？
编号：t-multiple

- [x] 丁项
- [x] 戊项
- [ ] 己项

> 解析：密多选$1$2

### 【判断】可以盲目施救。
编号：t-truefalse

答案：错

> 解析：密判断$1$2

### 【填空】先（　）。
编号：t-fill

答案：密填空$1$2｜密别写$1$2

### 【排序】步骤
编号：t-order

1. 子步
2. 丑步
3. 寅步
4. 卯步
5. 辰步$1

> 解析：密排序$1$2

### 【匹配】气体与危害
编号：t-match

| 气体 | 危害 |
|---|---|
| 左甲 | 右甲 |
| 左乙 | 右乙 |
| 左丙 | 右丙$1 |

> 解析：密匹配$1$2

### 【情景】井下有人倒下
分值：5｜编号：t-scenario

你在井口。

> 解析：密情景$1$2

#### 发现
你先做什么？

- [下井](#死亡)
- [呼救$1](#得救) （+5）

#### 死亡
倒下了。

#### 得救
救上来了。

### 【简答】为什么？
分值：4｜编号：t-short

> 参考答案：密参考$1$2

评分要点：

- 密要点$1$2 （4分）
END
}
git init -q -b main repo
mkdir -p repo/site/quizzes repo/site/courses repo/site/lessons
printf 'filters: [quiz]\ntitle: 甲站\nbase_url: https://example.org/\nparams: { kiosk: { pin: "2468" } }\n' >repo/site/site.yaml
printf -- '---\n标题: 一课\n---\n\n## 通风\n\n先通风，见[考试](../quizzes/final.md)。\n' >repo/site/lessons/air.md
printf -- '---\n标题: 课\n页面: [lessons/air.md]\n考试: quizzes/final.md\n---\n\n学。\n' >repo/site/courses/first.md
exam 一 字 x ' ' >repo/site/quizzes/final.md
commit 第一版
exam 二 字 ' ' x >repo/site/quizzes/final.md
commit 改了答案
printf '\n### 【判断】新的一题。\n编号：t-new\n\n答案：对\n\n> 解析：密新题\n' >>repo/site/quizzes/final.md
commit 补一题

code "$ANJIAN" -q build repo/site -o made
check "the site is built" test "$code" = 0
secret='密反馈|密解析|密多选|密判断|密填空|密别写|密排序|密匹配|密情景|密参考|密要点|密新题|密旧'
marks='(^|[^]A-Za-z0-9_$)])\[[xX]\]|☑|答案：[对错]|（\+5）|"correct"|"right":|"answer":|"reference":'
# shellcheck disable=SC2317 # check calls it
silent() { # WHERE: no secret word, no mark of a right answer; a[x] is a script's index, no task item
    ! grep -rnaE -o ".{0,20}($secret|$marks).{0,20}" "$1"
}
check "the exam is there" grep -q 't-short' made/quizzes/final.html
find made/changes -type f >diffs || :
check "… each change of substance has its page" test "$(grep -c 'final.*html' diffs)" = 2
check "no file of the site tells an answer" silent made
# shellcheck disable=SC2013 # names without blanks
for page in $(grep 'final.*html' diffs); do
    check "$page: no option, step or pair" sh -c '! grep -nE "乙项|戊项|子步|辰步|右甲|呼救" "$1"' - "$page"
done
# shellcheck disable=SC2046 # names without blanks
check "… the questions that changed are named" grep -q '气体与危害' $(cat diffs)
# shellcheck disable=SC2046
check "… and the new one" grep -q '新的一题' $(cat diffs)

# What was practice and is an exam now shows no old answers either, nor does a page that is broken now.
exam 三 字 x ' ' | grep -v '^模式' >repo/site/quizzes/late.md
printf '\n旧的。\n' >>repo/site/quizzes/late.md
commit 练习
exam 四 字 x ' ' | grep -v '^模式' >repo/site/quizzes/late.md
commit 还是练习
"$ANJIAN" -q build repo/site -o open
check "practice tells its answers: the search for them can fail" grep -q '密解析四' open/quizzes/late.html
check "… and so does its diff page" grep -rq 密解析 open/changes
exam 四 字 x ' ' >repo/site/quizzes/late.md
commit 改为考试
"$ANJIAN" -q build repo/site -o made
check "practice that became an exam" silent made
printf '\n### 【判断】坏题\n' >>repo/site/quizzes/late.md
code "$ANJIAN" -q build repo/site -o made
check "a broken question: an error" test "$code" = 1
check "… no answer in any page" silent made
sed -i '/坏题/d' repo/site/quizzes/late.md

# The index holds the same bytes whatever the answers are.
git -C repo checkout -q -- .
mkdir plain other
cp -r repo/site plain/site
cp -r repo/site other/site
exam 二 字 x ' ' >plain/site/quizzes/final.md
exam 二 词 ' ' x >other/site/quizzes/final.md
"$ANJIAN" -q build plain/site -o plain/out
"$ANJIAN" -q build other/site -o other/out
find plain/out -type f -path '*search*' | sed 's,^plain/,,' | sort >indexed
check "there is an index" test -s indexed
while read -r file; do
    check "$file: the same whatever the answers" cmp "plain/$file" "other/$file"
done <indexed

for format in scorm12 scorm2004 epub html; do
    "$ANJIAN" -q bundle repo/site --format $format -o $format.file
    mkdir $format
    (cd $format && { unzip -q ../$format.file 2>/dev/null || cp ../$format.file .; })
    check "$format: the exam is there" grep -rq 进入之前要做哪几件事 $format
    check "$format: no file tells an answer" silent $format
done
git -C repo tag v1
"$ANJIAN" -q build repo/site --editions -o several
check "no edition of the site tells an answer" silent several
finish
