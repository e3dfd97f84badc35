#!/bin/bash
# versions: history and what to learn again; any commit built from the object store alone, with the bytes of
# a fresh checkout; many kinds of repositories, good and bad.
. "$(dirname "$0")/lib.sh"
cd "$work"
day=1
commit() { # REPOSITORY, MESSAGE…: a day after the last
    day=$((day + 1))
    where=$1; shift
    for word in "$@"; do set -- "$@" -m "$word"; shift; done
    git -C "$where" add -A
    GIT_AUTHOR_DATE="$((1763600000 + day * 86400)) +0800" GIT_COMMITTER_DATE="$((1763600000 + day * 86400)) +0800" \
        git -C "$where" commit -q --allow-empty "$@"
}
page() { printf -- '---\ntitle: %s\nsources: [报]\nposts: [%s]\n---\n\n## 教训\n\n%s\n' "$2" "$3" "$4" >"repo/site/$1"; }

git init -q -b main repo
mkdir -p repo/site/cases repo/site/quizzes repo/site/courses repo/themes repo/site/lua-filters/mark
page cases/tank.md 储罐 清罐工 '先通风。'
page cases/old-name.md 井 检修工 '先检测。'
printf -- '---\n测验: 考\n---\n\n### 【判断】先检测后进入。\n答案：对\n\n> 解析：先检测。\n' >repo/site/quizzes/exam.md
printf -- '---\ntitle: 课\npages: [cases/tank.md]\nexam: quizzes/exam.md\n---\n\n学。\n' >repo/site/courses/tank.md
printf 'filters: [quiz]\ntitle: 甲站\n' >repo/site/site.yaml
printf 'x' >repo/site/cases/a.txt
commit repo '第一批' 'Change: substance'                                                   # 1
page cases/tank.md 储罐 清罐工 '先通风，再检测。'
commit repo '补上检测' 'Change: substance
Reviewed-by: 工号 1001
Approved-by: 工号 1002'                                                                    # 2
git -C repo tag v1
mv repo/site/cases/old-name.md repo/site/cases/well.md
commit repo '改名'                                                                         # 3
page cases/well.md 井 检修工 '先检测，后作业。'
commit repo '改字' 'Change: wording'                                                       # 4
git -C repo checkout -q -b side
page cases/side.md 支 电工 '停电。'
commit repo '支线新页' 'Change: substance'                                                 # 5
git -C repo checkout -q main
page cases/tank.md 储罐 清罐工 '先通风，再检测，后作业。'
commit repo '主线改' 'Change: substance'                                                   # 6
GIT_AUTHOR_DATE="$((1763600000 + 40 * 86400)) +0800" GIT_COMMITTER_DATE="$((1763600000 + 40 * 86400)) +0800" \
    git -C repo merge -q --no-ff -m '合并支线' side
day=41
rm repo/site/courses/tank.md
commit repo '删掉课程'
git -C repo tag -a -m '第二版' v2
page cases/tank.md 储罐 清罐工 '先通风，再检测。'
commit repo '退回' 'Change: substance'
cp -r "$root/lua-filters/quiz" repo/site/lua-filters/quiz
printf 'filters: [quiz]\ntitle: 乙站\n' >repo/site/site.yaml
commit repo '自己的过滤器'
printf '\n再加一句。\n' >>repo/site/cases/well.md
commit repo '加一句'

# ---- history ----
"$ANJIAN" history repo/site >all 2>err
check "a line a page" test "$(wc -l <all)" = 4
check "a page's line: version, day, commit, title" grep -qE '^cases/tank\.md  第 4 版 · 20[0-9-]{8} · [0-9a-f]{7}  储罐$' all
"$ANJIAN" history repo/site cases/tank.md --format json >tank.json
git -C repo log --format='%H' -- site/cases/tank.md >expected
sed -nE 's/.*"commit": "([0-9a-f]+)".*/\1/p' tank.json >got
check "the commits of git log" diff expected got
"$ANJIAN" history repo/site cases/well.md --format json | sed -nE 's/.*"commit": "([0-9a-f]+)".*/\1/p' >got
git -C repo log --follow --format='%H' -- site/cases/well.md >expected
check "a renamed page: the commits of git log --follow" diff expected got
"$ANJIAN" history repo/site cases/tank.md >tank.txt
check "trailers are told" grep -q '第 2 版 .*补上检测  \[实质修改\]  审核 工号 1001  批准 工号 1002' tank.txt
check "a page by its path from here" sh -c '"$1" history repo/site repo/site/cases/tank.md | cmp - tank.txt' - "$ANJIAN"
"$ANJIAN" history repo/site cases/well.md >well.txt
check "the former name is told" grep -q '(cases/old-name.md)' well.txt
check "a merge is no revision of a page that came by it whole" \
    sh -c 'test "$("$1" history repo/site cases/side.md | grep -c "  第 ")" = 2' - "$ANJIAN"
code "$ANJIAN" history repo/site cases/no.md
check "no such page: wrong use" test "$code" = 2
code "$ANJIAN" history repo/site --format xml
check "no such format: wrong use" test "$code" = 2
"$ANJIAN" history repo/site --retrain-since v1 >again
cat >expected <<'END'
cases/side.md  支  [新页面]
cases/tank.md  储罐
END
grep -E '^cases/' again >got
check "to learn again since v1: changes of substance and new pages" diff expected got
check "… not what only its name or its wording changed" sh -c '! grep -q well.md again'
check "… for whom" grep -q '涉及的岗位：电工、清罐工' again
check "… what went" grep -q '已删除的页面：courses/tank.md' again
"$ANJIAN" history repo/site --retrain-since HEAD >again
check "nothing to learn again" grep -q '不用重新培训' again
git -C repo checkout -q v2~1
"$ANJIAN" history repo/site --retrain-since v1 --format json >again.json
git -C repo checkout -q main
check "the exam and the course of a changed page" node -e '
    const r = JSON.parse(require("fs").readFileSync("again.json"));
    const tank = r.pages.find((p) => p.path === "cases/tank.md");
    if (String(tank.quizzes) !== "quizzes/exam.md" || String(tank.courses) !== "courses/tank.md" ||
        String(r.quizzes) !== "quizzes/exam.md" || tank.revisions.length !== 1 || tank.new) throw r'
code "$ANJIAN" history repo/site --retrain-since v9
check "no such version: wrong use" test "$code" = 2
check "… and says how to find one" grep -q 'git tag' err

# ---- what changed, a page for every revision of substance ----
"$ANJIAN" -q build repo/site -o now 2>/dev/null
(cd now/changes && find . -name '*.html' | sort) >got
printf './cases/tank-%s.html\n' 2 3 4 >expected
check "a diff page for every revision of substance but the first" diff expected got
check "… word by word" grep -q '先通风<ins>，再检测</ins>。' now/changes/cases/tank-2.html
check "… with who reviewed and approved" grep -q '审核 工号 1001 · 批准 工号 1002' now/changes/cases/tank-2.html
check "… between neighbours of substance" grep -q '<ins>，后作业</ins>' now/changes/cases/tank-3.html
check "the list of changes leads there" grep -q 'href="../changes/cases/tank-4.html"' now/cases/tank.html
check "the page of all changes too" grep -q 'href="changes/cases/tank-4.html"' now/changes.html
check "the site says who reviewed" grep -q '工号 1001' now/cases/tank.html
echo 'diffs: false' >>repo/site/site.yaml
"$ANJIAN" -q build repo/site -o without 2>/dev/null
check "diffs: false, no such page" test ! -e without/changes
check "… and no link" sh -c '! grep -rq "changes/cases" without'
git -C repo checkout -q site/site.yaml
printf '\n又一句。\n' >>repo/site/cases/well.md
commit repo '又一句' 'Change: substance'
"$ANJIAN" build repo/site -o now --stats stats.json 2>/dev/null
check "a later build makes the new one alone: $(grep written stats.json)" \
    test "$(grep -oE '"written": [0-9]+' stats.json | grep -oE '[0-9]+')" -le 12
"$ANJIAN" -q build repo/site -o cold 2>/dev/null
check "… and equals a cold build" diff -r now cold

# ---- a site to review two versions ----
"$ANJIAN" diff v1..v2 repo/site -o review >got 2>err
cat >expected <<'END'
+ cases/side.md
~ cases/tank.md
~ cases/well.md < cases/old-name.md
- courses/tank.md
END
check "diff lists what differs; a rename with a small edit is one" diff expected got
check "… a page each" test "$(find review/pages review/removed -name '*.html' | wc -l)" = 4
check "… word by word" grep -q '先通风，再检测<ins>，后作业</ins>。' review/pages/cases/tank.html
check "… before and after" grep -q '修改前后对照' review/pages/cases/tank.html
check "… no link leads nowhere" sh -c '
    cd review && grep -rhoE "(href|src)=\"[^\"#]+" index.html | sed "s/.*\"//" | sort -u | while read -r a; do test -e "$a" || echo "$a"; done |
        tee dead && test ! -s dead'
sed -i 's/先检测后进入/先通风检测后进入/; s/答案：对/答案：错/' repo/site/quizzes/exam.md
commit repo '改题' 'Change: substance'
"$ANJIAN" -q diff HEAD~1.. repo/site -o review >got
check "questions are a table of their own" grep -q '先<ins>通风</ins>检测后进入' review/index.html
check "… with the answer" grep -q '答案：<del>对</del><ins>错</ins>' review/index.html
"$ANJIAN" -q diff v1..v2 repo/site -o review2 >/dev/null
"$ANJIAN" -q diff v1..v2 repo/site -o review >/dev/null
check "the same again, also over another" diff -r review2 review
"$ANJIAN" -q diff HEAD..HEAD repo/site -o review >got
check "nothing differs: an empty list, and a page that says so" sh -c 'test ! -s got && grep -q 没有页面变化 review/index.html'
for wrong in '' 'v1...v2 -o x' '..v2 -o x' 'v1..v2' 'v1..nope -o x' 'nope..v1 -o x'; do
    # shellcheck disable=SC2086
    code "$ANJIAN" -C repo/site diff $wrong
    check "wrong use: diff $wrong" test "$code" = 2 -a ! -e repo/site/x/index.html
done
rm -rf repo/site/x repo/site/.x.*

# ---- any commit, the bytes of a fresh checkout ----
printf '没有提交\n' >repo/site/cases/untracked.md
printf '# 改了\n' >repo/site/cases/tank.md
before=$(cd repo && find . -path ./.git/index -prune -o -type f -printf '%p %s %T@\n' | sort | sha256sum)
tried=0
for rev in $(git -C repo rev-list --all | head -n 9) v1; do
    git clone -q repo fresh
    git -C fresh checkout -q "$rev"
    "$ANJIAN" -q build fresh/site -o a 2>err.a || :
    "$ANJIAN" -q build repo/site --rev "$rev" -o b 2>err.b || :
    check "--rev $(git -C fresh log -1 --format=%s): a fresh checkout's bytes" diff -r a b
    tried=$((tried + 1))
    rm -rf fresh a .a.* # b goes on from the revision before
done
check "ten revisions" test "$tried" = 10
"$ANJIAN" -q build repo/site --rev v1 -o c
check "the same again, from nothing" diff -r b c
"$ANJIAN" build repo/site --rev v1 -o c 2>err
check "… and nothing to do a second time" grep -q '写了 0 个文件' err
check "the work tree was not touched" test "$before" = \
    "$(cd repo && find . -path ./.git/index -prune -o -type f -printf '%p %s %T@\n' | sort | sha256sum)"
check "nothing is left beside" sh -c 'test ! -e .c.cache/rev'
git clone -q --bare repo bare.git
"$ANJIAN" -q build bare.git/site --rev v1 -o d
check "a bare repository" diff -r c d
code "$ANJIAN" build bare.git -o h
check "… without --rev: what to do" test "$code" = 2 -a ! -e h -a "$(grep -c -e '--rev HEAD' err)" = 1
git -C repo worktree add -q ../linked v2
"$ANJIAN" -q build linked/site --rev v1 -o e
check "a linked work tree" diff -r c e
git -C repo worktree remove --force ../linked
git clone -q repo links; ln -s tank.md links/site/cases/link.md
commit links '链接'
"$ANJIAN" history links/site cases/link.md >got
check "a page that is a link is not said to be uncommitted" sh -c 'grep -q "第 1 版" got && ! grep -q 未提交 got'
rm -rf gone; git clone -q repo gone; rm -rf gone/site
"$ANJIAN" -q build gone/site --rev v1 -o f
check "a folder that is gone from the work tree" diff -r c f
check "the title of then" grep -q '甲站' c/index.html
mkdir -p repo/site/themes
cp -r "$root/themes/classic" repo/site/themes/classic
sed -i 's/^home: .*/home: 如今的首页/' repo/site/themes/classic/i18n/zh-CN.yaml
"$ANJIAN" -q build repo/site --rev v1 -o g
check "the theme of then" diff -r c g
"$ANJIAN" -q build repo/site --rev v1 --theme-from worktree -o g
check "--theme-from worktree: the theme of now" grep -q '如今的首页' g/index.html
check "… and the content of then" sh -c '! test -e g/cases/untracked.html'
for wrong in '--rev nope' '--theme-from worktree' '--rev v1 --theme-from there'; do
    # shellcheck disable=SC2086
    code "$ANJIAN" build repo/site -o h $wrong
    check "wrong use: $wrong" test "$code" = 2
    check "… nothing is published" test ! -e h
done
git -C repo tag blob "$(git -C repo rev-parse HEAD:site/site.yaml)"
code "$ANJIAN" build repo/site -o h --rev blob
check "a tag of a file is told" grep -q '不是一次提交' err
mkdir plain; printf '# 甲\n' >plain/a.md
code "$ANJIAN" build plain -o h --rev v1
check "no repository is told" grep -q '不在 git 仓库里' err
code "$ANJIAN" build repo/none -o h --rev v1
check "no such folder then is told" grep -q '没有文件夹 none/' err

# ---- several editions in one site ----
git clone -q repo many
git -C many checkout -q v2
git -C many tag -f blob "$(git -C many rev-parse HEAD:site/site.yaml)" 2>/dev/null
"$ANJIAN" build many/site --editions -o many-out --base-url https://example.org/ >out 2>err
check "the present edition at the root, each tag below editions/" \
    test -e many-out/cases/side.html -a -e many-out/editions/v1/courses/tank.html -a -e many-out/editions/v2/cases/side.html
sed -n '/<main/,/<\/main/p' many-out/changes/since-v1.html >since
check "what changed since an edition: pages to learn again" sh -c 'grep -q "cases/tank.html" since && grep -q "cases/side.html" since'
check "… new ones as such, with the posts, and what is gone" sh -c '
    grep -A3 side.html since | grep -q 新页面 && grep -q 清罐工 since && grep -q courses/tank.md since'
check "… no page of which only name or wording changed" sh -c '! grep -q well.html since'
check "… with the way to the difference" grep -q 'href="../changes/cases/tank-3.html"' since
check "… since the newest edition: nothing" grep -q 不用重新培训 many-out/changes/since-v2.html
check "the page of all changes leads there" grep -q 'href="changes/since-v1.html"' many-out/changes.html
check "an old edition has no such page" test ! -e many-out/editions/v1/changes/since-v2.html
check "a page says that another edition has it not" grep -q '没有这一页' many-out/editions/v1/courses/tank.html
check "a tag that is no commit is told" grep -q 'edition-tag' err
check "an edition knows its own address" grep -q 'https://example.org/editions/v1/cases/tank.html' many-out/editions/v1/cases/tank.html
"$ANJIAN" -q build many/site --editions -o many-again --base-url https://example.org/ 2>/dev/null
check "the same again" diff -r many-out many-again
"$ANJIAN" build many/site --editions -o many-out --base-url https://example.org/ 2>err
check "nothing to do a second time" grep -q '写了 0 个文件' err
git -C many tag v3 v2
"$ANJIAN" -q build many/site --editions -o many-out 2>/dev/null
"$ANJIAN" -q build many/site --editions -o many-cold 2>/dev/null
check "a new tag: a cold build's bytes" diff -r many-cold many-out
mkdir many/site/editions; printf '# 占用\n' >many/site/editions/x.md
code "$ANJIAN" build many/site --editions -o many-cold
check "a folder of that name is an error of the site" test "$code" = 1 -a ! -e many-cold/editions/x.html
code "$ANJIAN" build many/site --editions --rev v1 -o many-cold
check "--rev beside --editions: wrong use" test "$code" = 2
code "$ANJIAN" build plain --editions -o plain-out
check "no git: the present edition, and that is told" sh -c 'test -e plain-out/a.html && grep -q edition-none err'

# ---- what editions have in common is stored once ----
git init -q -b main twice; mkdir twice/cases
head -c 5000000 /dev/urandom >twice/cases/film.mp4
printf -- '---\ntitle: 甲\nsources: [报]\n---\n\n[看片](film.mp4)\n' >twice/cases/a.md
commit twice '一' 'Change: substance'; git -C twice tag v1
printf '\n改了。\n' >>twice/cases/a.md
commit twice '二' 'Change: substance'
"$ANJIAN" -q build twice --editions -o twice-out
film=$(cd twice-out && find . -name 'film*.mp4' ! -path '*editions*')
inode() { stat -c '%i' "$1"; }
check "one file for both editions" test "$(inode "twice-out/$film")" = "$(inode "twice-out/editions/v1/$film")"
check "… and none that differs" sh -c '
    (cd twice-out && find . -type f -printf "%i %p\n" | sort) >all
    awk "seen[\$1] != \"\" { print seen[\$1], \$2 } { seen[\$1] = \$2 }" all >twins
    test -s twins && while read -r x y; do cmp "twice-out/$x" "twice-out/$y" || exit 1; done <twins'
then_=$(stat -c '%Y %i' "twice-out/editions/v1/cases/a.html")
printf '\n又改。\n' >>twice/cases/a.md
commit twice '三' 'Change: substance'
"$ANJIAN" -q build twice --editions -o twice-out
check "a change leaves the other edition's files alone" test "$then_" = "$(stat -c '%Y %i' "twice-out/editions/v1/cases/a.html")"
"$ANJIAN" -q build twice --editions -o twice-cold
check "… with a cold build's bytes" diff -r twice-cold twice-out
"$ANJIAN" -q keygen key
for format in zip tar.zst; do
    "$ANJIAN" -q bundle twice --editions --format $format --key key.key -o "twice.$format"
    "$ANJIAN" -q apply "twice.$format" "applied-$format" --pubkey key.pub
    check "$format: the site's bytes, the film once on the disk" sh -c '
        diff -r -x .anjian -x ".anjian*" twice-out "$1" && test "$(stat -c %h "$1/$2")" = 2' - "applied-$format" "$film"
done
size() { stat -c '%s' "$1"; }
check "tar.zst: stored once too ($(size twice.tar.zst) of $(size twice.zip) bytes)" test "$(size twice.tar.zst)" -lt 6000000
check "… as one frame that zstd and tar read" sh -c 'mkdir untar && zstd -dqc twice.tar.zst | tar -xf - -C untar && diff -r -x ".anjian*" untar/site twice-out'

# ---- shallow, and what a hostile repository holds ----
git clone -q --depth 2 "file://$work/repo" shallow
code "$ANJIAN" build shallow/site -o h --rev v1
check "a shallow clone without that tag: what to do" grep -q 'git fetch --unshallow' err
"$ANJIAN" history shallow/site >out 2>err
check "a shallow history is told loudly" grep -q '浅克隆' err
git init -q -b main bad
blob=$(printf '# 坏\n' | git -C bad hash-object -w --stdin)
link=$(printf '/etc/passwd' | git -C bad hash-object -w --stdin)
tree() { git -C bad hash-object -t tree -w --literally --stdin; }
entry() { printf '%s %s\0' "$1" "$2"; printf "%b" "$(printf '%s' "$3" | sed 's/../\\x&/g')"; }
inner=$({ entry 100644 evil.md "$blob"; } | tree)
top=$({ entry 40000 ../x "$inner"; entry 40000 .git "$inner"; entry 40000 .. "$inner"; entry 160000 module "$(git -C repo rev-parse HEAD)"
    entry 120000 "out.md" "$link"; entry 100644 page.md "$blob"; } | tree)
id=$(printf 'tree %s\nauthor \377\376 <a@b> -5 +0800\ncommitter x <x@y> -5 +0800\n\nold\n' "$top" |
    git -C bad hash-object -t commit -w --literally --stdin)
git -C bad update-ref refs/heads/main "$id"
code "$ANJIAN" build bad -o bad-out --rev "$id"
check "hostile names: told, exit 1" test "$code" = 1
check "… as what they are" grep -q 'git-entry' err
check "… a link out of the site too" grep -q 'link-escapes' err
check "… the good page is there" test -e bad-out/page.html
check "… and nothing else of it" sh -c '! find . -name "evil*" | grep -q . && ! grep -rq "root:" bad-out'
check "a date before 1970 is no fact" sh -c 'grep -q 日期不明 bad-out/page.html && ! grep -qE "<time>(19|20)" bad-out/page.html'
"$ANJIAN" history bad --format json | grep '"date"' >got 2>/dev/null || :
check "… nor in the history" sh -c '! grep -qE "19(69|70)" got'
for when in '-86400000 +0800' '' 'yesterday +0000' '99999999999999999 +0000'; do
    old=$(printf 'tree %s\nauthor x <a@b> %s\ncommitter x <x@y> 1763600000 +0800\n\nold\n' "$top" "$when" |
        git -C bad hash-object -t commit -w --literally --stdin)
    check "an author's date that makes no sense: $when" sh -c '"$1" -q build bad -o odd --rev "$2" 2>/dev/null
        grep -q 日期不明 odd/page.html && ! grep -qE "<time>(19|20)" odd/page.html' - "$ANJIAN" "$old"
done
code "$ANJIAN" build bad -o odd --rev "$id"
check "a submodule is told: nothing of it in a site made from a commit" grep -q 'module: 警告: .*git-module' err
git clone -q bare.git with-module; git -C with-module checkout -q v2
git -C with-module -c protocol.file.allow=always submodule --quiet add "$work/twice" site/other
commit with-module '子模块'
code "$ANJIAN" build with-module/site -o wm-here
check "… in the work tree it is there, without versions, and that is told" test \
    "$code" = 0 -a -e wm-here/other/cases/a.html -a "$(grep -c 'other: 警告: .*git-module' err)" = 1
"$ANJIAN" build with-module/site --rev HEAD -o wm-rev 2>err
check "… --rev has it not, and says so" test ! -e wm-rev/other -a "$(grep -c 'other: 警告: .*git-module' err)" = 1
git clone -q with-module wm-fresh
"$ANJIAN" -q build wm-fresh/site -o wm-fresh-out 2>/dev/null
check "… as a fresh checkout" diff -r wm-fresh-out wm-rev
mkdir -p "bad/$(printf 'caf\351')"; printf '# 名\n' >"bad/$(printf 'caf\351')/a.md"; printf '# 名\n' >"bad/$(printf 'caf\351').md"
git -C bad add . 2>/dev/null; git -C bad commit -qm '不是 UTF-8 的名字'
code "$ANJIAN" build bad -o odd --rev HEAD
check "names that are no UTF-8 are told" test "$code" = 1 -a "$(grep -c file-name err)" = 2
code "$ANJIAN" diff HEAD~1..HEAD bad -o odd-diff
check "… and a review of them does not fall" test "$code" = 0
check "… tells and lists them" test "$(grep -c file-name err)" = 2 -a "$(grep -c '新增.*caf' odd-diff/index.html)" = 2
code "$ANJIAN" diff HEAD~1..HEAD with-module/site -o odd-diff
check "… a submodule too" grep -q '新增 <code>other</code>' odd-diff/index.html

# ---- damaged objects: told, and nothing that was not read looks as if it were not there ----
for object in v1:site/cases/tank.md 'v1^{tree}' v1; do
    rm -rf hurt; mkdir hurt; git -C hurt init -q -b main
    (cd repo && git rev-list --objects --all | cut -d' ' -f1 | git pack-objects -q --stdout) | git -C hurt unpack-objects -q
    git -C repo for-each-ref --format='update %(refname) %(objectname)' | grep -v blob | git -C hurt update-ref --stdin
    git -C hurt reset -q --hard
    name=$(git -C hurt rev-parse "$object"); file=hurt/.git/objects/$(echo "$name" | cut -c1-2)/$(echo "$name" | cut -c3-)
    chmod u+w "$file"; printf 'garbage' | dd of="$file" bs=1 seek=8 conv=notrunc 2>/dev/null
    code "$ANJIAN" build hurt/site --rev v1 -o hurt-out
    check "damaged $object: --rev says so" test "$code" = 3 -a ! -e hurt-out
    check "… and what to do" grep -q 'git fsck' err
    code "$ANJIAN" diff v1..v2 hurt/site -o hurt-diff
    check "… diff too, and publishes nothing" test "$code" = 3 -a ! -e hurt-diff
done
finish
