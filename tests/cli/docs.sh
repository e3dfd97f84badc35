#!/bin/sh
# docs: the manual builds without a word, its examples run, its tables are those of the program.
#
# All ```sh blocks of a page make one script, run in order in an empty folder with anjian on PATH.
. "$(dirname "$0")/lib.sh"
mkdir "$work/bin"
ln -s "$ANJIAN" "$work/bin/anjian"
export PATH="$work/bin:$PATH" ANJIAN_DATA="$root"
unset GIT_AUTHOR_DATE GIT_COMMITTER_DATE # the examples commit as people do, one after the other
cd "$work" || exit 1

for site in docs content; do
    code "$ANJIAN" check "$root/$site"
    check "$site has no error and no warning" test "$code" = 0 -a ! -s out
done

for page in "$root"/docs/*.md "$root"/docs/*/*.md; do
    name=${page#"$root"/}
    awk '/^ *```/ { on = !on && $0 == "```sh"; next } on' "$page" >script
    [ -s script ] || continue
    rm -rf "$work/run"
    mkdir "$work/run"
    check "the examples of $name run" sh -c 'cd "$1" && exec sh -eu "$2"' sh "$work/run" "$work/script"
done

# field F("key", "名", …): its row names both.
missing=$(sed -nE 's/.*(F|MUST|N)\("([a-z_]+)", "([^"]+)".*/| `\2` | \3 |/p' "$root/generator/load/schema.c" |
    grep -vxF '| `title` | 标题 |' | sort -u | while read -r row; do
    grep -qF "$row" "$root/docs/write/front-matter.md" || echo "$row"
done)
check "every field of front matter is in the manual: $missing" test -z "$missing"
missing=$(sed -nE 's/.*F\("([a-z_]+)", "([^"]+)".*/| `\1` | \2 |/p' "$root/generator/load/settings.c" |
    grep -v '^| `words`' | while read -r row; do
    grep -qF "$row" "$root/docs/publish/settings.md" || echo "$row"
done)
check "every setting is in the manual: $missing" test -z "$missing"

missing=$({
    grep -rhoE '"(yaml|field|site|record|roster|limit|footnote|filter|personal|template|dead|quiz)-[a-z]+(-[a-z]+)*"' \
        "$root"/generator/load "$root"/generator/parse "$root"/generator/check "$root"/generator/driver \
        "$root"/generator/filter "$root"/generator/model "$root"/generator/render "$root"/generator/records
    sed -nE 's/^    \{"([a-z-]+)", "[^"]*",.*/"quiz-\1"/p' "$root/generator/parse/quizblock.c"
    grep -rhoE -A1 'aj_diag\(.*' "$root"/generator/*/*.c | grep -oE '"[a-z]+-[a-z-]+"'
} | tr -d '"' | grep -vx 'quiz-slip' | sort -u | while read -r code; do
    grep -qF "\`$code\`" "$root/docs/start/errors.md" "$root/docs/train/desk-errors.md" "$root/docs/write/bank-errors.md" || echo "$code"
done)
check "every code has its cure in the manual: $missing" test -z "$missing"

for command in build check serve new bundle keygen verify apply history diff filter records quiz; do
    missing=$("$ANJIAN" "$command" --help | grep -oE -- '--[a-z-]+' | sort -u | while read -r option; do
        grep -qF -- "$option" "$root/docs/publish/commands.md" || echo "$option"
    done)
    check "every option of $command is in the manual: $missing" test -z "$missing"
done
# The engine says itself what it has.
(cd "$root" && "$ANJIAN" filter -L tests/tools/api.lua --to json tests/tools/pandoc-names.txt) >api.json
perl -MJSON::PP -e 'local $/; my $t = decode_json(<STDIN>); binmode STDOUT, ":utf8"; print $t->{blocks}[0]{c}[1], "\n"' <api.json >api.md
check "the table of pandoc's names is the engine's own" sh -c 'test -s api.md && tail -n "$(wc -l <api.md)" "$1" | diff - api.md' sh "$root/docs/extend/filters.md"
finish
