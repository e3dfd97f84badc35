#!/bin/sh
# check: the course is clean; in a copy with ten slips each is named with file and line.
. "$(dirname "$0")/lib.sh"
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$work" || exit 1
export LANG=zh_CN.UTF-8 LC_ALL=
code=0; (cd "$top" && "$ANJIAN" check content) >out 2>err || code=$?
cat out err | sed 's/^/# /'
check "the course has no error" test "$code" = 0
check "nor a warning" test ! -s out
mkdir site && cp -r "$top/content" site/content && mkdir -p site/content/pages
cd site || exit 1
mkdir -p content/pages
page() { printf '%b' "$2" >"content/$1"; }
page pages/s1.md '# 一\n\n[没有](nowhere.md)\n'
page pages/s2.md '# 二\n\n正文\n\n[锚](s1.md#no-such)\n'
page pages/s3.md '# 三\n\n![示意](no.png)\n'
printf -- '---\ntitle: 四\ndate: 2026-02-30\nsources: [某报]\n---\n\n正文\n' >content/cases/s4.md
printf -- '---\ntitle: 五\nsummary: 无来源\n---\n\n正文\n' >content/cases/s5.md
printf -- '---\ntitle: 六\ntitle: 六\n---\n\n正文\n' >content/pages/s6.md
printf -- '---\n测验: 七\n---\n\n### 【单选】哪个对？\n- [x] 甲\n- [x] 乙\n' >content/quizzes/s7.md
printf -- '---\n测验: 八\n---\n\n### 【单选】哪个对？\n- [ ] 甲\n- [ ] 乙\n' >content/quizzes/s8.md
printf '# 九\n\n联系人身份证 11010519491231002X。\n' >content/pages/s9.md
printf -- '---\ntitle: 十\npages: [cases/none.md]\n---\n\n正文\n' >content/courses/s10.md
code=0; "$ANJIAN" check content >out 2>err || code=$?
sed 's/^/# /' out
check "slips: exit 1" test "$code" = 1
slip() { check "$1 ($3)" grep -qE "^content/$2.*\[$3\]" out; }
slip "dead link" 'pages/s1.md:3:' dead-link
slip "dead anchor" 'pages/s2.md:5:' dead-anchor
slip "missing image" 'pages/s3.md:3:' missing-image
slip "impossible date" 'cases/s4.md:3:' '[a-z-]*date[a-z-]*'
slip "a case without sources" 'cases/s5.md:[0-9]' '[a-z-]+'
slip "a key twice" 'pages/s6.md:3:' '[a-z-]+'
slip "two right answers in 单选" 'quizzes/s7.md:[567]:' '[a-z-]+'
slip "no right answer" 'quizzes/s8.md:[5-7]:' '[a-z-]+'
slip "an ID number" 'pages/s9.md:[0-9]' '[a-z-]+'
slip "a course page that is not there" 'courses/s10.md:3:' course-page
check "each with a cure" test "$(grep -c '→' out)" -ge 10
"$ANJIAN" check content --format json >out.json 2>/dev/null || :
check "JSON is an array of the same" sh -c 'node -e "const a=JSON.parse(require(\"fs\").readFileSync(\"out.json\",\"utf8\"));process.exit(a.length>=10&&a.every(d=>d.path&&d.level&&d.code&&d.message)?0:1)"'
"$ANJIAN" check content --format sarif >out.sarif 2>/dev/null || :
check "SARIF parses" sh -c 'node -e "const s=JSON.parse(require(\"fs\").readFileSync(\"out.sarif\",\"utf8\"));process.exit(s.version===\"2.1.0\"&&s.runs[0].results.length>=10?0:1)"'
LANG=en_US.UTF-8 "$ANJIAN" check content >out.en 2>/dev/null || :
check "English on request" grep -q ' error: ' out.en
check "check publishes nothing" test ! -e dist
finish
