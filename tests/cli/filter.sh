#!/bin/sh
# filter: the same trees as pandoc's own engine, through JSON in and out; trees written by hand where
# only a newer pandoc has the name.
. "$(dirname "$0")/lib.sh"
filters=$root/tests/filters
cd "$work" || exit 1
printf 'first line\n42 rest\nlast' >data.txt

# same A B: two JSON texts hold the same tree. Version numbers and the order of keys do not count.
cat >same.pl <<'END'
use strict; use warnings; use JSON::PP;
my $json = JSON::PP->new->canonical->allow_nonref->utf8;
my @trees = map { open my $f, "<", $_ or die "$_: $!"; local $/; my $t = decode_json(<$f>); delete $t->{"pandoc-api-version"}; $json->encode($t) } @ARGV;
exit 0 if $trees[0] eq $trees[1];
my $at = 0;
$at++ while substr($trees[0], $at, 1) eq substr($trees[1], $at, 1);
$at = $at > 80 ? $at - 80 : 0;
print "wanted …", substr($trees[0], $at, 300), "\n", "got    …", substr($trees[1], $at, 300), "\n";
exit 1;
END

# Each folder of lua-filters: sample.md through its filter is expected.html.
for folder in "$root"/lua-filters/*/; do
    filter=$(basename "$folder")
    code sh -c 'cd "$1" && exec "$2" filter -L "$3" "lua-filters/$3/sample.md"' sh "$root" "$ANJIAN" "$filter"
    test "${GOLDEN:-}" != 1 || cp out "$folder/expected.html"
    check "the sample of $filter is what it should be" sh -c 'test "$1" = 0 && diff -u "$2/expected.html" out' sh "$code" "$folder"
    check "$filter has its manual" grep -q "^# $filter" "$folder/README.md"
done

if command -v pandoc >/dev/null; then
    pandoc -f markdown -t json "$filters/document.md" >document.json
    check "a document goes through whole" sh -c '"$1" filter --from json --to json document.json >out.json && cmp document.json out.json' sh "$ANJIAN"
    for f in "$filters"/same/*.lua; do
        name=$(basename "$f" .lua)
        pandoc -f json -t json --lua-filter "$f" document.json >wanted.json 2>wanted.err || echo "pandoc failed" >>wanted.err
        code "$ANJIAN" filter --from json --to json --lua-filter "$f" document.json
        check "$name gives pandoc's tree" sh -c 'test "$1" = 0 && test -s wanted.json && perl same.pl wanted.json out || { cat err wanted.err; exit 1; }' sh "$code"
    done
    # A document with all that our own reader does not make: citations, spans of cells, feet of tables …
    wild=$filters/wild/document.json
    check "the wild document goes through whole" sh -c '"$1" filter --from json --to json "$2" >out && perl same.pl "$2" out' sh "$ANJIAN" "$wild"
    for f in "$filters"/wild/*.lua; do
        pandoc -f json -t json --lua-filter "$f" "$wild" >wanted.json 2>wanted.err || echo "pandoc failed" >>wanted.err
        code "$ANJIAN" filter --from json --to json --lua-filter "$f" "$wild"
        check "$(basename "$f" .lua) gives pandoc's tree of the wild document" sh -c 'test "$1" = 0 && test -s wanted.json && perl same.pl wanted.json out || { cat err wanted.err; exit 1; }' sh "$code"
    done
    # The same text as others might write it: with blanks, "c" before "t", blocks before meta.
    perl -MJSON::PP -e 'local $/; my $j = JSON::PP->new->canonical->pretty->utf8; print $j->encode(decode_json(<STDIN>))' <document.json >odd.json
    for each in nothing takes-away one-after-another returns-nothing; do
        pandoc -f json -t json --lua-filter "$filters/same/$each.lua" odd.json >wanted.json
        code "$ANJIAN" filter --from json --to json --lua-filter "$filters/same/$each.lua" odd.json
        check "$each gives pandoc's tree of a text that another program wrote" sh -c 'test "$1" = 0 && perl same.pl wanted.json out || { cat err; exit 1; }' sh "$code"
        # Pandoc's own order of the document, for the pass over the text.
        perl -0pe 's/^\{\s*("blocks".*),\s*("meta".*),\s*("pandoc-api-version"[^]]*\])\s*\}\s*$/{ $3, $2 , $1 }\n/s' odd.json >odder.json
        code "$ANJIAN" filter --from json --to json --lua-filter "$filters/same/$each.lua" odder.json
        check "$each gives it in pandoc's order too" sh -c 'test "$1" = 0 && head -c 30 odder.json | grep -q api && perl same.pl wanted.json out || { cat err; exit 1; }' sh "$code"
    done
    # Expressions, one a line: what each gives, shown by both.
    for f in "$filters"/expressions/*.txt; do
        name=$(basename "$f" .txt)
        awk -v show="$filters/expressions/show.lua" '
            BEGIN { while ((getline line <show) > 0) print line; print "function Pandoc(doc)" }
            { print "probe([==[" $0 "]==], function() " (/^(local|do) / ? "" : "return ") $0 " end)" }
            END { print "return finish() end" }' "$f" >"$name.lua"
        pandoc -f json -t json --lua-filter "$name.lua" document.json >wanted.json 2>wanted.err || echo "pandoc failed" >>wanted.err
        code "$ANJIAN" filter --from json --to json --lua-filter "$name.lua" document.json
        for side in wanted.json out; do
            perl -MJSON::PP -e 'local $/; my $t = decode_json(<STDIN>); binmode STDOUT, ":utf8"; print $t->{blocks}[0]{c}[1], "\n"' <"$side" >"$side.txt"
        done
        check "$name: $(wc -l <"$f") expressions give what pandoc gives" sh -c 'test "$1" = 0 && test "$(wc -l <wanted.json.txt)" -ge "$(wc -l <"$2")" && diff wanted.json.txt out.txt || { cat err wanted.err; exit 1; }' sh "$code" "$f"
    done
else
    check "pandoc is here to compare with" false
fi

for f in "$filters"/newer/*.lua; do
    name=$(basename "$f" .lua)
    code "$ANJIAN" filter --from json --to json --lua-filter "$f" "$filters/newer/input.json"
    check "$name gives the tree that its author wrote" sh -c 'test "$1" = 0 && perl same.pl "$2" out || { cat err; exit 1; }' sh "$code" "${f%.lua}.json"
done
# A counter in a file's local, one in a global: the same site with one worker, two, and piece by piece.
mkdir -p site/lua-filters/local site/lua-filters/global site/pages
printf 'filters: [local, global]\n' >site/site.yaml
printf 'local n = 0\nfunction Str(el)\n  n = n + 1\n  return el.text .. n\nend\n' >site/lua-filters/local/local.lua
printf 'function Str(el)\n  m = (m or 0) + 1\n  string.m = (string.m or 0) + 1\n  return el.text .. "-" .. m .. string.m\nend\n' >site/lua-filters/global/global.lua
i=0
while [ "$i" -lt 80 ]; do
    printf '# Page %s\n\nsome words here\n' "$i" >"site/pages/p$i.md"
    i=$((i + 1))
done
"$ANJIAN" -q build site -o one -j1
"$ANJIAN" -q build site -o two -j2
check "a counter gives the same site with one worker and two" diff -r one two
check "and counts from one on each page" grep -q 'some3-33 words4-44 here5-55' one/pages/p7.html
echo 'and more' >>site/pages/p7.md
touch site/pages/p8.md
"$ANJIAN" -q build site -o two -j2
rm -r one
"$ANJIAN" -q build site -o one -j1 --full
check "and after a change" diff -r one two

# A page of which only some blocks become values is the page of which all do: a handler of the whole
# that does nothing makes the difference.
mkdir -p some/lua-filters/whole
printf 'function Null() end\n' >some/lua-filters/whole/whole.lua
printf 'title: filters\nfilters: []\n' >some/site.yaml
cp -R some all
printf 'function Pandoc() end\n' >all/lua-filters/whole/whole.lua
for f in "$filters"/same/*.lua; do
    each=$(basename "$f" .lua)
    mkdir "some/lua-filters/$each" "all/lua-filters/$each"
    cp "$f" "some/lua-filters/$each/"
    cp "$f" "all/lua-filters/$each/"
    for body in document plain; do
        { printf -- '---\ntitle: %s\nfilters: [%s, whole]\n---\n' "$each" "$each"
          sed '1{/^---$/!q;};1,/^---$/d;s/^|   /| /' "$filters/document.md" | if [ $body = plain ]; then grep -v '\[^'; else cat; fi
          printf '\n> 引用 *强调* ~~删去~~\n\n- 一\n\n- **二** `三`\n\n::: warning\n段落[链](a.md)\n:::\n\n| 甲 | 乙 |\n|---|---|\n| *1* | 2 |\n'
        } >"some/$each-$body.md"
        cp "some/$each-$body.md" all/
    done
done
"$ANJIAN" -q build some -o some-out 2>some.err || :
"$ANJIAN" -q build all -o all-out 2>all.err || :
check "some blocks as values give the page that all give" diff -r some-out all-out
check "and were made" test "$(find some-out -name 'index.html' -o -name '*-plain.html' | wc -l)" -gt 50

# What a filter reads is remembered: the page is made again when it changes.
printf 'local f = io.open "data/words.txt"\nfunction Str(el)\n  if el.text == "WORDS" then return f and f:read "l" or "none" end\nend\n' >site/lua-filters/local/local.lua
printf -- '---\nfilters: [late]\n---\n# Late\n\nWORDS LATE\n' >site/pages/late.md
"$ANJIAN" -q build site -o two 2>said && code=0 || code=$?
check "a page that names a filter which is not there is an error of that page" sh -c 'test "$1" = 1 && grep -q no-filter said' sh "$code"
mkdir -p site/lua-filters/late site/data
printf 'function Str(el) if el.text:match "LATE" then return "early" end end\n' >site/lua-filters/late/late.lua
"$ANJIAN" -q build site -o two
check "a filter that appears is found by the page that names it" grep -q 'none.* early' two/pages/late.html
printf 'first\n' >site/data/words.txt
"$ANJIAN" -q build site -o two
check "a file that appears is read" grep -q 'first.* early' two/pages/late.html
printf 'second\n' >site/data/words.txt
printf 'function Str(el) if el.text:match "LATE" then return "changed" end end\n' >site/lua-filters/late/late.lua
"$ANJIAN" -q build site -o two
check "a file and a filter that changed are used" grep -q 'second.* changed' two/pages/late.html
rm -r one
"$ANJIAN" -q build site -o one --full
check "all of it as a cold build has it" diff -r one two
"$ANJIAN" -q build site -o two --stats stats.json
check "and nothing is made when nothing changed" grep -q '"made": *0' stats.json

# The command: what a wrong turn says.
code "$ANJIAN" filter -L none.lua data.txt
check "a filter that is not there is wrong usage" sh -c 'test "$1" = 2 && grep -q none.lua err' sh "$code"
code "$ANJIAN" filter --from docx data.txt
check "so is a format that is not there" test "$code" = 2
code "$ANJIAN" filter --from json data.txt
check "what is no JSON of pandoc is an error with its line" sh -c 'test "$1" = 1 && grep -q filter-input err && ! test -s out' sh "$code"
printf 'function Str(el)\n  return el.x.y\nend\n' >bad.lua
code "$ANJIAN" filter -L bad.lua data.txt
check "an error leaves nothing on stdout" sh -c 'test "$1" = 1 && test ! -s out && grep -q "bad.lua:2" err' sh "$code"
printf 'function Meta(m)\n  m.out = FORMAT .. tostring(m.flag) .. m.key\n  return m\nend\n' >meta.lua
printf '# x\n' | "$ANJIAN" filter -L meta.lua -M flag -M key=v --as latex --to json >out
check "-M and --as reach the filter" grep -q latextruev out
printf 'function Pandoc()\n  local f = assert(io.open("made.txt", "w"))\n  f:write("x")\n  f:close()\n  return pandoc.Pandoc {pandoc.Para(pandoc.pipe("tr", {"a", "b"}, "aa"))}\nend\n' >world.lua
code "$ANJIAN" filter -L world.lua data.txt
check "without flags no file is written" test "$code" = 1 -a ! -e made.txt
code "$ANJIAN" filter -L world.lua --allow-write --allow-run data.txt
check "with flags it is, and programs run" sh -c 'test "$1" = 0 && test -s made.txt && grep -q bb out' sh "$code"
finish
