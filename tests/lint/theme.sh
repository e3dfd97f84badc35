#!/bin/sh
# Each theme's words, scripts and templates agree with each other, and nothing reaches outside.
set -u
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
count=0
bad=0

# $1 says what holds; $work/left is what does not, and has to be empty.
none() {
    count=$((count + 1))
    if [ -s "$work/left" ]; then
        bad=1
        echo "not ok $count - $theme: $1"
        sed 's/^/# /' "$work/left"
    else
        echo "ok $count - $theme: $1"
    fi
}

# A two-level file of words as group.key, one a line, sorted.
keys() {
    awk '/^[a-z0-9_]+:/ { split($0, a, ":"); group = a[1]; if ($0 !~ /: *$/) print group }
         /^  [a-z0-9_]+:/ { sub(/^ +/, ""); split($0, a, ":"); print group "." a[1] }' "$1" | sort
}

for folder in themes/*/; do
    theme=$(basename "$folder")
    templates=$folder/templates
    keys "$folder/i18n/zh-CN.yaml" >"$work/zh"
    keys "$folder/i18n/en.yaml" >"$work/en"
    # What its own scripts ask for comes as words.js, by theme.yaml.
    cat "$folder"/assets/quiz*.js | tr '\n' ' ' | grep -o "word([^)]*)" | grep -o "'[a-z_]*'" |
        tr -d "'" | sed 's/^/quiz./' | sort -u >"$work/asked"
    grep -oh '{{t\.[a-z0-9_.]*' "$templates"/* | sed 's/{{t\.//' | sort -u - "$work/asked" >"$work/used"

    comm -3 "$work/zh" "$work/en" >"$work/left"
    none "both languages have the same words"
    comm -13 "$work/zh" "$work/used" >"$work/left"
    none "every word a template asks for is there"
    # What the program itself asks for: names of kinds and taxonomies, words inside a body.
    comm -23 "$work/zh" "$work/used" | grep -Ev '^(kind_names|taxonomies|alert|footnotes)\.' >"$work/left"
    none "every word is used"
    grep -En '<(script|style)>|<script [^>]*></script>[^<]*<script>| (style|on[a-z]+)="' \
        "$templates"/*.html >"$work/left"
    none "no inline script or style"
    grep -En '(src|href|action)="(https?:)?//' "$templates"/*.html >"$work/left"
    none "no foreign address"
    grep -En '@import|url\("?(https?:)?//' "$folder"/assets/*.css >"$work/left"
    none "no foreign file in a style"
    LC_ALL=C grep -n '[^ -~	]' "$folder"/assets/*.js >"$work/left"
    none "scripts are ASCII, whatever the charset"
    grep -En '=>|`|^ *(let|const|class|import|export|async) |\bfetch\(|XMLHttpRequest|\beval\(' \
        "$folder"/assets/*.js >"$work/left"
    none "scripts are old enough, and ask nobody"
    comm -13 "$work/zh" "$work/asked" >"$work/left"
    grep -q '^words: .*\<quiz\>' "$folder/theme.yaml" || echo "theme.yaml: words" >>"$work/left"
    none "the quiz is given the words it asks for"
done
echo "1..$count"
exit $bad
