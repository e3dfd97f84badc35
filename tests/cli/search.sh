#!/bin/sh
# search: what is in the text is found, by the very script that the site ships.
. "$(dirname "$0")/lib.sh"
cd "$work"
mkdir -p site/cases
printf -- '---\ntitle: 罐区中毒\nsources: [某报]\n关键词: [硫化氢]\n---\n\n下罐之前没有检测气体。\n' >site/cases/tank.md
printf -- '---\ntitle: 粉尘爆炸\nsources: [某报]\n---\n\n除尘器没有清理，GB 15577-2018 有要求。\n' >site/cases/dust.md
printf 'title: 站\nsynonyms: [[受限空间, 罐区]]\n' >site/site.yaml
"$ANJIAN" -q build site -o out
ask() { node "$root/tests/tools/search.mjs" out "$@" >found; }
finds() { # WHAT QUERY PAGE
    ask "$2"
    check "$1: $2" test "$(head -n 1 found)" = "$3"
}
finds "title" 罐区中毒 cases/tank
finds "words of the text" 检测气体 cases/tank
finds "a keyword that no page shows" 硫化氢 cases/tank
check "… it is not shown" sh -c '! grep -q "<p>.*硫化氢" out/cases/tank.html'
finds "a synonym" 受限空间 cases/tank
finds "pinyin" fenchenbaozha cases/dust
finds "initials" fcbz cases/dust
finds "a standard's number" 15577 cases/dust
finds "traditional characters" 粉塵 cases/dust
ask 龘靐齉
check "nothing: no line" test ! -s found
printf '粉尘\n中毒\n' | node "$root/tests/tools/search.mjs" out --batch >found
check "a batch answers line by line" test "$(grep -c . found)" -ge 2
check "… with an empty line after each" test "$(grep -c '^$' found)" = 2
bytes() { find "$@" -type f -exec cat {} + | wc -c; }
check "a small site's search stays small: at most 1.6 x its text + 40 kB" \
    test "$(bytes out/search)" -le $(($(bytes site -name '*.md') * 16 / 10 + 40000))
finish
