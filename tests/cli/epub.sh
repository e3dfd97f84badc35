#!/bin/sh
# shellcheck disable=SC2317 # functions called by check and code
# epub: a book that readers take, with the courses in their order and the answers at the end.
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
epub() {
    "$ANJIAN" -q bundle "$@" --format epub >/dev/null
}
# Debian's epubcheck is a jar, which not every system knows how to run.
judge() {
    java -jar "$(command -v epubcheck)" "$1" >said 2>&1 || :
    cat said
    grep -q '0 fatals / 0 errors / 0 warnings' said
}
mkdir site && cp -r "$root/content/." site/ && git init -q site
mkdir site/extra
printf '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>\n' >site/extra/dot.svg
cat >site/extra/wild.md <<'END'
---
标题: 甲 & "乙" <丙>
---
见[党课](../lessons/three-rules.md)、[没有这一节](../lessons/three-rules.md#none)、<https://example.org/?a=1&b=2>。

![点](dot.svg) a&b &nbsp; [^1]

[^1]: 脚注
END
cat >site/extra/exam.md <<'END'
---
标题: 考试卷
测验: 考试卷
模式: 考试
---
### 【单选】选哪个？
- [x] 甲
  > 泄密一
- [ ] 乙

> 解析：泄密二

### 【匹配】连起来

| 左 | 右 |
|---|---|
| 氮气 | 窒息 |
| 铝粉 | 爆炸 |
END
git -C site add -A && git -C site commit -qm 内容
code epub site -o a.epub
check "a dead link is told, and its book is made" test "$code" = 1
check "unzip finds no fault" unzip -tq a.epub
unzip -Z1 a.epub >names
check "mimetype comes first" test "$(head -n 1 names)" = mimetype
check "… and is stored" test "$(unzip -v a.epub mimetype | awk '$8 == "mimetype" { print $2 }')" = Stored
mkdir un && unzip -q a.epub -d un
for f in un/EPUB/*.xhtml un/EPUB/*.opf un/EPUB/site/*/*.xhtml; do
    xmllint --noout --nonet "$f" >>lint 2>&1 || echo "$f" >>lint
done
check "every page is XML" test ! -s lint
check "the commit says when" grep -q '"dcterms:modified">2026-11-20T00:00:00Z<' un/EPUB/package.opf
sed -n 's/.*<li><a href="\([^"]*\)".*/\1/p' un/EPUB/nav.xhtml >order
check "the course comes first" test "$(head -n 1 order)" = site/courses/first-course.xhtml
check "… its exam after its lessons" test "$(sed -n 17p order)" = site/quizzes/final.xhtml
check "… the answers last" test "$(tail -n 1 order)" = answers.xhtml
check "questions hold no answer" sh -c '! grep -q 正确答案 un/EPUB/site/quizzes/final.xhtml'
check "… the appendix does" test "$(grep -c 正确答案 un/EPUB/answers.xhtml)" -ge 10
check "… the right one before what is said of the others" sh -c 'sed -n "/<h3>/,/<h3>/p" un/EPUB/answers.xhtml | grep -m1 -e 正确答案 -e class=.option | grep -q 正确答案'
check "a link leads to its place in the appendix" sh -c '
    id=$(sed -n "s/.*answers.xhtml#\([^\"]*\)\".*/\1/p" un/EPUB/site/quizzes/final.xhtml | head -n 1)
    grep -q "id=\"$id\"" un/EPUB/answers.xhtml'
check "an exam keeps its answers" sh -c '! grep -rq 泄密 un'
check "… and what there is to choose" grep -q '（.* / .*）' un/EPUB/site/extra/exam.xhtml
check "a picture comes along" sh -c 'ls un/EPUB/site/extra/dot.*.svg'
check "no page of the site's own ways" sh -c '! grep -q -e search -e tags/ names'
(cd / && umask 077 && TZ=Asia/Shanghai LANG=zh_CN.UTF-8 "$ANJIAN" -C "$work" -q bundle site --format epub -o again.epub >/dev/null 2>&1) || :
check "again it is the same" cmp a.epub again.epub
code epub site --page courses/first-course.html -o course.epub
check "--page takes one course" sh -c '! unzip -Z1 course.epub | grep -q extra/'
code epub site --page tags/index.html -o no.epub
check "a page that is none of the book's is said" test "$code" = 3
code epub site --editions -o no.epub
check "a book is one edition" test "$code" = 2
if command -v epubcheck >/dev/null && command -v java >/dev/null; then
    check "epubcheck: 0 errors, 0 warnings" judge a.epub
    check "… for one course" judge course.epub
    printf 'junk' >junk.epub
    code judge junk.epub
    check "… and it would say so" test "$code" != 0
else
    lacks "epubcheck: 0 errors, 0 warnings" "no epubcheck: apt-get install epubcheck"
fi
finish
