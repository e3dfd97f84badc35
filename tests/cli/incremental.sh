#!/bin/bash
# incremental: after each of many kinds of change, a build that goes on from the last one equals a build from
# nothing, byte for byte, search and all.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pages.sh"
cd "$work"
many_pages site 60 甲
mkdir -p site/courses site/quizzes
printf -- '---\ntitle: 课\npages: [cases/p4.md, models/p1.md, lessons/p2.md]\nexam: quizzes/q.md\n---\n\n学。\n' >site/courses/c.md
printf -- '---\n测验: 考\n---\n\n### 【判断】先检测后进入。\n答案：对\n' >site/quizzes/q.md
printf 'x' >site/cases/a.txt
(cd site && git init -q && git add . && git commit -qm '第一版')
"$ANJIAN" -q build site -o out
step=0
same() { # WHAT, after the change was made
    step=$((step + 1))
    code=0; "$ANJIAN" -q build site -o out 2>err || code=$?
    fresh=0; "$ANJIAN" -q build site -o "fresh$step" 2>/dev/null || fresh=$?
    check "$1: the same exit" test "$code" = "$fresh"
    diff -rq out "fresh$step" >difference
    check "$1: the same bytes" sh -c 'sed "s/^/# /" difference; test ! -s difference'
    rm -rf "fresh$step" ".fresh$step".*
}
front() { printf -- '---\n%b---\n\n# 正文标题\n\n%b\n' "$2" "$3" >"site/$1"; }
front cases/p4.md 'title: 新题\nsources: [报]\n' '改了题目。'; same "a title that course and neighbours show"
front cases/p4.md 'title: 新题\nsummary: 摘要\nsources: [报]\ndate: 2026-01-02\n' '改了摘要和日期。'; same "summary and date: order changes"
front cases/p8.md 'title: 标签\nsources: [报]\ntags: [甲, 乙]\nhazards: [中毒]\n' '加标签。'; same "tags appear"
front cases/p8.md 'title: 标签\nsources: [报]\ntags: [乙]\n' '减标签。'; same "tags go"
front pages/p3.md 'title: 链\n' '[链](../cases/p4.md)和[附件](../cases/a.txt)。'; same "a link, a backlink, an attachment"
printf 'y' >site/cases/a.txt; same "the attachment's bytes"
front pages/p3.md 'title: 链\n' '[坏](no.md)'; same "a dead link"
mv site/models/p5.md site/models/另名.md; same "a page gets another name"
rm site/lessons/p6.md; same "a page goes"
printf '# 新页\n\n新。\n' >site/lessons/aaa.md; same "a page comes"
mkdir site/cases/子; printf '# 子页\n\n子。\n' >site/cases/子/一.md; same "a section comes"
printf -- '---\ntitle: 坏\ntitle: 坏\n---\n' >site/pages/p7.md; same "a page breaks"
printf '# 好\n' >site/pages/p7.md; same "and is mended"
sed -i 's/lessons\/p2.md/lessons\/p10.md/' site/courses/c.md; same "the course takes another page"
sed -i 's/答案：对/答案：错/' site/quizzes/q.md; same "an answer"
printf '# 案例总览\n\n首页。\n' >site/cases/index.md; same "a list gets an index page"
printf 'title: 改名的站\nsections: {cases: 事故}\n' >site/site.yaml; same "site.yaml"
printf 'title: 改名的站\nsections: {cases: 事故}\nsynonyms: [[受限空间, 有限空间]]\npage_size: 5\n' >site/site.yaml; same "paging and synonyms"
(cd site && git add -A && git commit -qm '第二版'); same "a commit"
printf '\n实质的一句。\n' >>site/pages/p3.md
(cd site && git commit -qam '第三版' -m 'Change: substance'); same "a commit of substance"
(cd site && git commit -q --amend -m '第二版，改说明'); same "an amended commit"
printf -- '---\ntitle: 别名\naliases: [old/x.html]\nslug: neu\n---\n\n正文。\n' >site/pages/p11.md; same "alias and slug"
printf -- '---\ntitle: 稿\ndraft: true\n---\n\n正文。\n' >site/pages/p11.md; same "a page becomes a draft"
(cd site && git stash -q -u); same "everything back"
find site -name '*.md' -exec touch {} +; same "only time stamps"
finish
