#!/bin/sh
# quiz.sh - `anjian quiz`: every type and every format against JSON written by hand, round trips,
# slips with their lines, formatting that stands still.
. "$(dirname "$0")/lib.sh"
q=$root/tests/data/quiz
# shellcheck disable=SC2317 # check calls it
same() {
    node "$root/tests/tools/quizjson.mjs" "$@"
}
cd "$work"

# ---- each type: page to JSON, JSON to page, page to GIFT and CSV and back
for type in single multiple truefalse fill order match scenario short; do
    "$ANJIAN" quiz check "$q/$type.md" >said 2>&1 || :
    check "$type: a clean page gives no word" test ! -s said -o "$(wc -l <said)" = 1
    code "$ANJIAN" quiz export --to json "$q/$type.md"
    cp out made.json
    check "$type: the page is the JSON" same made.json "$q/$type.json"
    code "$ANJIAN" quiz import --from json "$q/$type.json"
    check "$type: JSON to Markdown gives the page back" diff -u "$q/$type.md" out
    code "$ANJIAN" quiz fmt "$q/$type.md"
    check "$type: fmt leaves it alone" diff -u "$q/$type.md" out
    [ $type = scenario ] && continue
    "$ANJIAN" -q quiz export --to csv "$q/$type.md" >made.csv 2>/dev/null
    "$ANJIAN" -q quiz import --from csv made.csv >back.md
    "$ANJIAN" -q quiz export --to json back.md >back.json
    check "$type: CSV keeps all but settings and rubric" same --drop quiz,pick,rubric back.json "$q/$type.json"
    [ $type = order ] && continue
    "$ANJIAN" -q quiz export --to gift "$q/$type.md" >made.gift 2>/dev/null
    "$ANJIAN" -q quiz import --from gift made.gift >back.md
    "$ANJIAN" -q quiz export --to json back.md >back.json
    check "$type: GIFT keeps all but marks and settings" \
        same --drop quiz,pools,pool,points,difficulty,red_line,partial,rubric back.json "$q/$type.json"
done

# ---- imports
for pair in txt:pasted.txt:pasted txt:factory.txt:factory txt:factory-key.txt:factory-key \
    txt:factory-labels.txt:factory-labels txt:factory-parts.txt:factory-parts csv:bank.csv:bank-csv xlsx:bank.xlsx:bank-xlsx gift:moodle.gift:moodle; do
    format=${pair%%:*} rest=${pair#*:}
    file=${rest%%:*} want=${rest#*:}
    code "$ANJIAN" -q quiz import --from "$format" "$q/$file"
    cp out made.md
    check "$format: $file comes in without an error" test "$code" = 0
    "$ANJIAN" -q quiz export --to json made.md >made.json
    check "$format: $file is the JSON written by hand" same made.json "$q/$want.json"
done
"$ANJIAN" -q quiz import --from csv "$q/bank.csv" >utf8.md
iconv -f UTF-8 -t GB18030 "$q/bank.csv" | "$ANJIAN" -q quiz import --from csv - >gb.md
check "GB18030 reads like UTF-8" cmp utf8.md gb.md
{ printf '\357\273\277'; sed 's/$/\r/' "$q/bank.csv"; } | "$ANJIAN" -q quiz import --from csv - >bom.md
check "a BOM and CRLF read like neither" cmp utf8.md bom.md
for file in pasted factory factory-key factory-labels factory-parts; do
    "$ANJIAN" -q quiz fmt "$q/$file.txt" >once.md 2>/dev/null
    "$ANJIAN" -q quiz fmt once.md >twice.md
    check "fmt of $file.txt stands still" cmp once.md twice.md
done
printf '1、甲？\nA、\nB、乙\n2、【单选】丙？\n3、丁。（√）\n' >lacking.txt
"$ANJIAN" -q quiz fmt lacking.txt >once.md 2>/dev/null || :
"$ANJIAN" -q quiz fmt once.md >twice.md 2>/dev/null || :
check "fmt of what lacks options stands still" cmp once.md twice.md
printf '### 【单选题】甲____？\n- [√]乙\n- 【 】丙\n分值: ２ | 编号 : a\n' >hand.md
"$ANJIAN" -q quiz fmt hand.md >once.md
"$ANJIAN" -q quiz fmt once.md | cmp - once.md
check "fmt mends what the hand slipped" "$ANJIAN" -q quiz check once.md

printf '一、判断题\n1、甲。\n2、乙。（√）\n' >unanswered.txt
"$ANJIAN" -q quiz import --from txt unanswered.txt >unanswered.md 2>/dev/null || :
check "a question without an answer gets none" sh -c 'grep -c "^答案：$" unanswered.md | grep -qx 1 && ! grep -q 错 unanswered.md'
printf '题干,题型,正确答案\n甲。,判断,也许\n' >unanswered.csv
"$ANJIAN" -q quiz import --from csv unanswered.csv >unanswered.md 2>/dev/null || :
check "… in a table neither" grep -qx '答案：' unanswered.md

# ---- papers
"$ANJIAN" quiz paper "$q/every.md" --seed 7 >one.html
"$ANJIAN" quiz paper "$q/every.md" --seed 7 -o two.html
check "a seed prints the same bytes, also into a file" cmp one.html two.html
check "exam, key and sheet each bear seed, hash and version" test "$(grep -cE \
    '<div class="foot"><p>各种题型｜(试卷|参考答案|答题卡)｜种子 7｜题集 [0-9a-f]{16}｜.+</p>' one.html)" = 3
check "all eight types are there, on each part" test "$(grep -c 'class="q"' one.html)" = 8 -a \
    "$(grep -c 'class="k"' one.html)" = 8 -a "$(grep -cE 'class="(row|write)[ "]' one.html)" = 8
sed -n '/<tbody>/,/class="foot"/p' one.html | sed '/class="foot"/q' >exam.part
check "the exam holds no answer" sh -c '! grep -qE "强制通风</p>|19.5±|解析|要点" exam.part'
check "the key has the answers by the letters of the paper" grep -qF '<strong>AB</strong> <span class="pts">（4 分）' one.html
check "a paper needs nothing beside it" sh -c '! grep -qE "<script|<link|src=|url\(|https?:" one.html'
sed 's/^及格线: 60/打乱: [题目, 选项]/' "$q/every.md" >mixed.md
"$ANJIAN" quiz paper mixed.md --seed 7 >one.html
"$ANJIAN" quiz paper mixed.md --seed 8 >two.html
grep 'class="stem"' one.html >one.stems
grep 'class="stem"' two.html >two.stems
check "another seed, another order" sh -c '! cmp -s one.stems two.stems'
"$ANJIAN" quiz paper - --seed 7 <mixed.md >piped.html
check "stdin prints the same questions" sh -c 'grep class=.stem piped.html | cmp - one.stems'
git init -q paper-git
cp mixed.md paper-git/
"$ANJIAN" quiz paper paper-git/mixed.md --seed 7 >paper.html
check "a page that is not committed says so" grep -q '｜未提交的修改</p>' paper.html
git -C paper-git add -A
git -C paper-git commit -qm 题目
"$ANJIAN" quiz paper paper-git/mixed.md --seed 7 >paper.html
check "a page has its version" grep -q "｜第 1 版 · 2026-11-20 · $(git -C paper-git rev-parse --short=7 HEAD)</p>" paper.html
printf '### 【判断】<b>甲</b>&\n答案：对\n' >marks.md
"$ANJIAN" quiz paper marks.md --seed 0 >paper.html
check "texts are escaped" sh -c '! grep -q "<b>甲" paper.html'
printf '# 没有题\n' >none.md
code "$ANJIAN" quiz paper none.md --seed 1
check "a page without questions is told, nothing is printed" sh -c \
    'test "$1" = 1 -a ! -s out && grep -q "none.md.*没有题目" err' sh "$code"
printf '### 【单选】甲？\n- [ ] 乙\n- [ ] 丙\n' >bad.md
code "$ANJIAN" quiz paper bad.md --seed 1
check "a page with an error prints nothing" sh -c 'test "$1" = 1 -a ! -s out && grep -q quiz-no-right err' sh "$code"
for wrong in "paper none.md" "paper none.md --seed x" "paper none.md --seed -1" "paper none.md --seed 4294967296" \
    "paper --seed 1" "paper none.md bad.md --seed 1" "check none.md --seed 1" "fmt none.md -o x"; do
    # shellcheck disable=SC2086 # words
    code "$ANJIAN" quiz $wrong
    check "wrong usage: quiz $wrong" test "$code" = 2 -a ! -s out
done
code "$ANJIAN" quiz paper absent.md --seed 1
check "a file that is not there is the world's failure" test "$code" = 3
code "$ANJIAN" quiz paper mixed.md --seed 1 -o absent/x.html
check "so is a folder that is not there" test "$code" = 3

# ---- the judges of other formats
if command -v xmllint >/dev/null; then
    for type in single multiple truefalse fill order match short every; do
        for pair in moodlexml:moodle qti21:qti21; do
            "$ANJIAN" -q quiz export --to ${pair%%:*} "$q/$type.md" >made.xml 2>/dev/null
            check "$type: ${pair%%:*} keeps to its schema" xmllint --noout --relaxng "$q/${pair#*:}.rng" made.xml
        done
    done
    count() { # EXPRESSION NUMBER
        check "$1 is $2" test "$(xmllint --xpath "$1" made.xml)" = "$2"
    }
    "$ANJIAN" -q quiz export --to qti21 "$q/every.md" >made.xml 2>/dev/null
    count 'count(//*[local-name()="simpleChoice"])' 11
    count 'count(//*[local-name()="responseElseIf"]//*[local-name()="member"])' 1
    count 'string(//*[local-name()="responseElseIf"]/*[local-name()="setOutcomeValue"])' "$(printf '\n            2\n          ')"
    count 'count(//*[local-name()="setOutcomeValue"][@identifier="FEEDBACK"])' 2
    count 'count(//*[local-name()="mapEntry"][@mappedValue="1"])' 5
    count 'count(//*[local-name()="simpleMatchSet"][2]/*)' 3
    sed 's/ responseIdentifier="RESPONSE"//' made.xml >broken.xml
    check "the schema finds what is missing" sh -c '! xmllint --noout --relaxng "$1" broken.xml' sh "$q/qti21.rng"
    "$ANJIAN" -q quiz export --to moodlexml "$q/every.md" >made.xml 2>/dev/null
    count 'count(/quiz/question[@type!="category"])' 7
    count 'string(//question[@type="cloze"]/questiontext/text)' \
        '先{1:SHORTANSWER:=通风~=强制通风}，氧含量不低于{1:NUMERICAL:=19.5:0.1}%。'
    printf '### 【填空】甲（　）乙（　）\n分值：4\n\n答案：丙；丁\n' >four.md
    "$ANJIAN" -q quiz export --to moodlexml four.md >made.xml
    count 'string(//question[@type="cloze"]/questiontext/text)' '甲{2:SHORTANSWER:=丙}乙{2:SHORTANSWER:=丁}'
    sed 's/分值：4/分值：3/' four.md | "$ANJIAN" -q quiz export --to moodlexml - >made.xml 2>said
    check "points that Moodle's blanks cannot have are told" grep -q '^-:1:.*quiz-export-lost' said
else
    lacks "QTI and Moodle XML" "no xmllint: apt-get install libxml2-utils"
fi

# ---- slips: FORMAT CODE LINE, then the text
slips=0
slip() {
    format=$1 slip=$2 line=$3
    cat >slip.txt
    if [ "$format" = md ]; then
        "$ANJIAN" -q quiz check slip.txt >said 2>&1 || :
    else
        "$ANJIAN" -q quiz import --from "$format" slip.txt >/dev/null 2>said || :
    fi
    slips=$((slips + 1))
    check "$format: $slip on line $line" grep -qE "^slip.txt$([ "$line" = 0 ] || echo ":$line")(:[0-9]+)?: .*\[quiz-$slip\]" said
}
h='题型,题干,选项A,选项B,正确答案,分值,红线,计分'
slip md no-right 1 <<END
### 【单选】甲？
- [ ] 乙
- [ ] 丙
END
slip md two-right 1 <<END
### 【单选】甲？
- [x] 乙
- [x] 丙
END
slip md option-blank 2 <<END
### 【单选】甲？
- [x]乙
- [ ] 丙
END
slip md option-wide 3 <<END
### 【单选】甲？
- [x] 乙
- 【 】丙
END
slip md few-options 1 <<END
### 【单选】甲？
- [x] 乙
END
slip md stem-empty 1 <<END
### 【单选】
- [x] 乙
- [ ] 丙
END
slip md blank-count 2 <<END
### 【填空】甲（　）乙（　）
答案：丙
END
slip md no-blank 1 <<END
### 【填空】甲
答案：丙
END
slip md no-answer 1 <<END
### 【判断】甲。
END
slip md answer-bad 2 <<END
### 【判断】甲。
答案：也许
END
slip md points-bad 2 <<END
### 【判断】甲。
分值：零
答案：对
END
slip md duplicate-id 4 <<END
### 【判断】甲。
编号：a｜答案：对

### 【判断】乙。
编号：a｜答案：对
END
slip md duplicate-stem 4 <<END
### 【判断】甲。
答案：对

### 【判断】甲。
答案：错
END
slip md pool-small 1 <<END
## 题库：通用
抽题：3

### 【判断】甲。
答案：对
END
slip md answer-same 1 <<END
### 【填空】甲（　）
答案：10｜１０
END
slip md all-right 1 <<END
### 【多选】甲？
计分：漏选得半

- [x] 乙
- [x] 丙
END
slip md underscore 1 <<END
### 【填空】甲（____）至（____）
答案：乙；丙
END
slip md answer-twice 3 <<END
### 【判断】甲。
答案：对
答案：错
END
slip md option-nested 3 <<END
### 【多选】甲？
- [x] 乙
  - [ ] 丙
- [x] 丁
END
slip md list-twice 7 <<END
### 【单选】甲？
- [x] 乙
- [ ] 丙

还有：

- [ ] 丁
END
slip md html 3 <<END
### 【单选】甲？
- [x] 乙
- [ ] <b>丙</b>
END
slip md type-unknown 4 <<END
---
测验: 甲
---
### 【听力】甲。
答案：对
END
slip md type-missing 1 <<END
### 3、甲是什么？
- 乙
- 丙
END
slip md tolerance-bad 1 <<END
### 【填空】甲（　）
答案：10±
END
slip md id-made 5 <<END
---
测验: 甲
模式: 考试
---
### 【判断】甲。
答案：对
END
slip md node-missing 7 <<END
### 【情景】甲

#### 一
走？

- [下](#二) （+1）
- [上](#三)

#### 二
完。
END
slip md node-endless 3 <<END
### 【情景】甲

#### 一
- [下](#二) （+1）

#### 二
- [上](#一)
END
slip md node-unreached 9 <<END
### 【情景】甲

#### 一
- [下](#二) （+1）

#### 二
完。

#### 三
完。
END
slip md choice-link 6 <<END
### 【情景】甲

#### 一
- [下](#二) （+1）

- 上

#### 二
完。
END
slip csv no-header 1 <<END
甲,乙
END
slip csv column-unknown 1 <<END
题干,正确答案,心情
甲。,对,好
END
slip csv type-unknown 2 <<END
$h
听力,甲？,乙,丙,A
END
slip csv answer-letter 3 <<END
$h
单选,甲？,乙,丙,A
单选,丁？,乙,丙,F
END
slip csv option-empty 2 <<END
$h
单选,甲？,,丙,B
END
slip csv option-same 2 <<END
$h
单选,甲？,乙,乙,B
END
slip csv points-bad 2 <<END
$h
判断,甲。,,,对,无
END
slip csv red-bad 2 <<END
$h
判断,甲。,,,对,1,也许
END
slip csv scoring-bad 2 <<END
$h
多选,甲？,乙,丙,AB,1,,随便
END
slip csv row-long 2 <<END
题干,正确答案
甲,乙,丙
END
slip csv quote-open 3 <<END
$h
判断,甲。,,,对
判断,"乙。,,,对
END
slip csv html 2 <<END
$h
单选,甲？,<b>乙</b>,丙,A
END
slip csv one-right 2 <<END
$h
多选,甲？,乙,丙,A
END
slip csv pair-bad 2 <<END
$h
匹配,甲,,,乙丙；丁=戊；己=庚
END
slip csv left-same 2 <<END
$h
匹配,甲,,,丁=戊；丁=庚
END
slip csv distractor-right 2 <<END
$h
匹配,甲,,,乙=戊；丁=庚；=庚
END
slip csv few-pairs 2 <<END
$h
匹配,甲,,,丁=戊
END
slip csv order-few 2 <<END
$h
排序,甲,乙,,A
END
slip csv item-same 2 <<END
$h
排序,甲,乙,乙,BA
END
slip txt answer-letter 4 <<END
1、甲？
A、乙
B、丙
答案：E
END
slip txt answer-twice 5 <<END
1、甲？
A、乙
B、丙
答案：A
答案：B
END
slip txt answer-differs 4 <<END
1、甲（A）？
A、乙
B、丙
答案：B
END
slip txt number-jump 2 <<END
1、甲。（√）
3、乙。（×）
END
slip txt option-order 3 <<END
1、甲（A）
A、乙
C、丙
END
slip txt key-number 3 <<END
1、甲。
2、乙。
答案：1.√ 2.× 7.√
END
slip txt no-right 1 <<END
1、甲？
A、乙
B、丙
END
slip txt line-unread 3 <<END
考试
（闭卷）
时间 90 分钟
1、甲。（√）
END
slip txt line-unread 4 <<END
1、甲（A）
A、乙
B、丙
第 1 页 共 3 页
END
slip txt fill-inside 2 <<END
一、填空题
1、安全第一、（预防为主）、综合治理。
END
slip txt answer-bad 2 <<END
1、【判断题】甲。
答案：也许
END
slip txt type-unknown 1 <<END
题型：听力
题目：甲
答案：乙
END
slip gift gift-brace 3 <<END
甲{T}

乙{=丙
END
slip gift gift-answer 2 <<END
甲{=乙 ~丙}
丁 {戊}
END
slip gift gift-brace 1 <<END
甲{=乙 ~丙}丁{戊}
END
slip gift gift-number 1 <<END
甲{#丙}
END
slip gift gift-weight 1 <<END
甲{~%30%乙 ~%70%丙 ~%-100%丁}
END
slip gift line-unread 3 <<END
甲{T}

只有文字
END
slip json json-syntax 2 <<END
{"questions": [
  {"id": ]}
END
slip json json-shape 2 <<END
{"questions": [
  {"type": "single", "stem": 5, "options": []}]}
END
slip json json-key 2 <<END
{"questions": [
  {"type": "truefalse", "stem": "甲", "answer": true, "mood": "好"}]}
END
slip json type-unknown 1 <<END
{"questions": [{"type": "song", "stem": "甲"}]}
END
slip json pass-large 0 <<END
{"quiz": {"pass": 120}, "questions": [{"type": "truefalse", "stem": "甲", "answer": true}]}
END
slip json node-missing 1 <<END
{"questions": [{"type": "scenario", "stem": "甲", "start": "乙", "nodes": [{"name": "乙", "text": "", "choices": [{"text": "丙", "to": "丁", "points": 1}]}]}]}
END
slip json node-endless 1 <<END
{"questions": [{"type": "scenario", "stem": "甲", "start": "乙", "nodes": [{"name": "乙", "text": "x", "choices": [{"text": "丙", "to": "乙", "points": 1}]}]}]}
END
slip json node-unreached 1 <<END
{"questions": [{"type": "scenario", "stem": "甲", "start": "乙", "nodes": [{"name": "乙", "text": "x", "choices": []}, {"name": "丙", "text": "y", "choices": []}]}]}
END
slip json rubric-sum 1 <<END
{"questions": [{"type": "short", "stem": "甲", "points": 5, "rubric": [{"text": "乙", "points": 2}]}]}
END
slip json id-bad 1 <<END
{"questions": [{"id": "a b", "type": "truefalse", "stem": "甲", "answer": true}]}
END
check "forty kinds of slip and more: $slips" test "$slips" -ge 75
printf '\377\376\000garbage\377' | { "$ANJIAN" -q quiz import --from csv - >/dev/null 2>said || :; }
check "what is no text is told" grep -q 'quiz-' said
echo no zip >x.xlsx
code "$ANJIAN" quiz import --from xlsx x.xlsx
check "what is no workbook is told" grep -q 'quiz-xlsx-broken' err

# ---- usage
for args in "" "sing" "export x.md" "export --to pdf x.md" "import x.csv" "check" "fmt a b" "check --to json a.md"; do
    # shellcheck disable=SC2086
    code "$ANJIAN" quiz $args
    check "quiz $args: wrong usage leaves with 2" test "$code" = 2 -a ! -s out
done
code "$ANJIAN" quiz check absent.md
check "a file that is not there leaves with 3" test "$code" = 3
printf '### 【单选】甲？\n- [ ] 乙\n- [ ] 丙\n' >bad.md
code "$ANJIAN" quiz export --to json bad.md
check "a page with an error is not exported" test "$code" = 1 -a ! -s out

# ---- 2,000 questions
awk 'BEGIN { print "题型,题干,选项A,选项B,选项C,正确答案,解析,分值,难度,知识点"
    for (i = 1; i <= 2000; i++) printf "单选,第%d题：氧含量应处于（　）之间。,12%%,19.5%%,25%%,B,\"见第%d条，缺氧\",2,易,气体\n", i, i }' >big.csv
code timeout 5 "$ANJIAN" -q quiz import --from csv big.csv
check "2,000 questions come in" test "$code" = 0 -a "$(grep -c '^### ' out)" = 2000
case ${OBJ:-build/release} in
*release) check "… in less than half a second of CPU" perl -e \
    'system(@ARGV) == 0 or exit 1; my @t = times; exit !($t[2] + $t[3] < 0.5)' \
    "$ANJIAN" -q quiz import --from csv big.csv ;;
esac
# ---- a site's build tells what `quiz check` tells, each slip once
mkdir -p site/quizzes
printf 'title: 站\nfilters: [quiz]\nquiz: { pick: 20 }\n' >site/site.yaml
cat >site/quizzes/a.md <<'END'
---
测验: 甲
---
### 【填空】先（　）。
编号：a b

答案：通风｜通风

### 【匹配】配
| 左 | 右 |
|---|---|
| 甲 | 一 |
| 甲 | 二 |

### 【单选】重复
- [x] 同
- [x] 同
END
"$ANJIAN" build site -o made >out 2>said || :
sed -nE 's,^.*quizzes/a\.md:([0-9]+): .*\[(.*)\]$,\1 \2,p' said >got
printf '%s\n' '4 quiz-answer-same' '4 quiz-id-bad' '13 quiz-left-same' '15 quiz-two-right' '17 quiz-option-same' >expected
check "a build tells every slip, once, with its line" diff expected got
(cd site && "$ANJIAN" -q quiz check quizzes/a.md) >once 2>&1 || :
sed -nE 's,^.*quizzes/a\.md:([0-9]+): .*\[(.*)\]$,\1 \2,p' once >got
check "… as quiz check does" diff expected got
printf -- '---\n测验: 甲\n抽题: 3\n---\n### 【判断】对吗。\n答案：对\n\n### 【判断】错吗。\n答案：也许\n' >site/quizzes/a.md
"$ANJIAN" build site -o made >out 2>said || :
check "a question left out is no question too few" sh -c 'grep -q quiz-answer-bad said && ! grep -q quiz-pick said'
printf -- '---\n测验: 甲\n---\n### 【判断】对吗。\n答案：对\n' >site/quizzes/a.md
code "$ANJIAN" -q build site -o made
check "the site's own number to draw binds no shorter quiz" test "$code" = 0
finish
