#!/bin/sh
# coverage: who is taught what, as warnings, as a page without names, as a report; all three say the same.
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
mkdir -p site/cases site/lessons site/courses site/quizzes
page() { printf -- '---\n%s\n---\n%s\n' "$2" "$3" >"site/$1"; }
printf 'title: 缺口\n' >site/site.yaml
page cases/tank.md "标题: 罐里的人
摘要: 一人下罐，两人施救。
来源: 公报
教训: [先检测]
危险因素: [有限空间, 触电]
岗位: [罐区操作工, 电工]" 文。
page lessons/power.md "标题: 用电
危险因素: [触电]
岗位: [电工]" 文。
page lessons/tank.md "标题: 下罐
危险因素: [有限空间]
岗位: [罐区操作工]" 文。
page quizzes/tank.md "标题: 下罐考试
测验: 下罐考试" "### 【判断】先检测，后进入。
编号：t-1
答案：对"
page courses/tank.md "标题: 下罐课
岗位: [罐区操作工]
页面: [lessons/tank.md]
考试: quizzes/tank.md" 课。
printf '工号,姓名,单位,班组,岗位,入职日期,离职日期\n1001,赵某,一车间,甲班,罐区操作工,,\n1002,钱某,一车间,甲班,焊工,,\n1003,孙某,一车间,甲班,焊工,,2020-01-01\n' >site/roster.csv
export SOURCE_DATE_EPOCH=1795600000

code "$ANJIAN" check site
cat >want <<'END2'
site/cases/tank.md:6: 警告: 危险因素“有限空间”没有课教给：电工 [coverage-lesson]
site/cases/tank.md:6: 警告: 危险因素“触电”没有课教给：罐区操作工 [coverage-lesson]
site/cases/tank.md:6: 警告: 危险因素“触电”没有题考：电工 [coverage-quiz]
site/roster.csv: 警告: 岗位“焊工”有 1 人，没有一门课 [coverage-post]
END2
grep -v '^  →' out | sort >said
check "check warns of every hole, once" sh -c 'test "$1" = 0 && sort want | diff - said' sh "$code"
code "$ANJIAN" build site -o out.d
check "the site has the matrix as a page" test -s out.d/coverage.html
check "no name and no number of a person is in the site" sh -c '! grep -rlE "赵某|钱某|孙某|1001|1002" out.d --include="*.html" --include="*.js"'
check "the page says who lacks what" sh -c '
    test "$(grep -c "<td class=\"cover-hole\">" out.d/coverage.html)" -ge 2 && grep -q "<b>电工</b> × 有限空间" out.d/coverage.html &&
    grep -q "<b>罐区操作工</b> × 触电" out.d/coverage.html && grep -q "<b>焊工</b>：1 人" out.d/coverage.html'
check "the other pages lead there" grep -q 'href="../coverage.html"' out.d/lessons/tank.html
printf '1004,李某,一车间,甲班,罐区操作工,,\n' >>site/roster.csv
code "$ANJIAN" build site -o out.d
check "another man on the roster draws one page anew" sh -c 'grep -q "写了 1 个文件" err && grep -q "<small>2 人</small>" out.d/coverage.html'
cp -r out.d kept
printf '1004,李某,一车间,甲班,罐区操作工,,\n' >>site/roster.csv
code "$ANJIAN" check site
check "a slip of the roster is told" grep -q 'site/roster.csv:6: 错误: .*1004.* \[roster-twice\]' out
code "$ANJIAN" build site -o cold.d
check "a cold build is the same" diff -r kept cold.d
printf 'title: 缺口\ncoverage: false\n' >site/site.yaml
code "$ANJIAN" build site -o out.d
check "coverage: false leaves it out" sh -c '! test -e out.d/coverage.html && ! grep -q coverage.html out.d/index.html'

# --- the report ---------------------------------------------------------------------------------------
printf 'title: 缺口\n' >site/site.yaml
sed -i '$d' site/roster.csv
mkdir sticks
code "$ANJIAN" records collect sticks --db l.db
code "$ANJIAN" -q records report --db l.db --site site --roster site/roster.csv --form coverage -o c.csv
cat >want <<'END2'
焊工,,1,0,0,没有课程
电工,有限空间,0,0,0,没有课
电工,触电,0,1,0,没有考
罐区操作工,有限空间,2,1,1,
罐区操作工,触电,2,0,0,没有课
END2
tail -n +2 c.csv | tr -d '\r' >said
check "the report has the same holes, and how many people" diff want said

# --- mended ------------------------------------------------------------------------------------------
page courses/all.md "标题: 全员课
岗位: [全员]
页面: [cases/tank.md]
考试: quizzes/tank.md" 课。
code "$ANJIAN" check site
check "a course for all with that case closes every hole" sh -c 'test "$1" = 0 && test ! -s out' sh "$code"
rm -r site/courses site/roster.csv
code "$ANJIAN" check site
check "a site without course and roster is not asked" sh -c 'test "$1" = 0 && ! test -s out' sh "$code"
finish
