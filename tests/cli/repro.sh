#!/bin/sh
# repro: the same commit gives the same bytes of site and bundle: other folder, zone, language, umask,
# jobs, time stamps, incremental and full.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pages.sh"
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$work" || exit 1
mkdir one two && cp -r "$top/content" one/content && cp -r "$top/themes" "$top/lua-filters" one/
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_DATE='2026-11-20T08:00:00+08:00' GIT_COMMITTER_DATE='2026-11-20T08:00:00+08:00'
(cd one && git init -q && git add . && git -c user.name=编辑 -c user.email=e@example.org commit -q -m '课程：第一版')
cp -r one/. two/ && find two -name '*.md' -exec touch -d 2020-01-01 {} +
(cd one && TZ=Asia/Shanghai LANG=zh_CN.UTF-8 "$ANJIAN" -q bundle content --format zip -o a.zip -C . >/dev/null)
first=$(tree_sum one/dist/site)
zip=$(sha256sum <one/a.zip)
(cd two && TZ=America/New_York LANG=en_US.UTF-8 LC_ALL=C "$ANJIAN" -q build content -j1 2>/dev/null)
check "another folder, zone, language, -j1" test "$(tree_sum two/dist/site)" = "$first"
(cd two && umask 077 && "$ANJIAN" -q build content -j2 --full)
check "-j2, --full, another umask" test "$(tree_sum two/dist/site)" = "$first"
(cd two && echo >>content/index.md && "$ANJIAN" -q build content && git checkout -q content && "$ANJIAN" -q build content)
check "incremental after a change and back" test "$(tree_sum two/dist/site)" = "$first"
(cd two && TZ=Pacific/Auckland LANG=en "$ANJIAN" -q bundle content --format zip -o b.zip >/dev/null)
check "the bundle too" test "$(sha256sum <two/b.zip)" = "$zip"
(cd two && sleep 2 && "$ANJIAN" -q bundle content --format zip -o c.zip >/dev/null)
check "and at another time" test "$(sha256sum <two/c.zip)" = "$zip"
# Every format but zim, whose UUID is its writer's: another zone, language, umask, folder, number of processors.
for format in zip tar.zst scorm12 scorm2004 epub html; do
    for page in "" courses/first-course.html; do
        case $format$page in zip?* | tar.zst?*) continue ;; esac
        # shellcheck disable=SC2086 # no page, no option
        (cd one && umask 022 && TZ=Asia/Shanghai LANG=zh_CN.UTF-8 taskset -c 0 "$ANJIAN" -q bundle content --format $format ${page:+--page $page} -o a.x >/dev/null)
        # shellcheck disable=SC2086
        (cd two && umask 077 && TZ=America/New_York LANG=en_US.UTF-8 "$ANJIAN" -q bundle content --format $format ${page:+--page $page} -o b.x >/dev/null)
        check "$format${page:+ of one course}" cmp one/a.x two/b.x
    done
done
finish
