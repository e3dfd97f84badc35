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
same() { perl same.pl "$1" "$2"; }

if command -v pandoc >/dev/null; then
    pandoc -f markdown -t json "$filters/document.md" >document.json
    check "a document goes through whole" sh -c '"$1" filter --from json --to json document.json >out.json && cmp document.json out.json' sh "$ANJIAN"
    for f in "$filters"/same/*.lua; do
        name=$(basename "$f" .lua)
        pandoc -f json -t json --lua-filter "$f" document.json >wanted.json 2>wanted.err || echo "pandoc failed" >>wanted.err
        code "$ANJIAN" filter --from json --to json --lua-filter "$f" document.json
        check "$name gives pandoc's tree" sh -c 'test "$1" = 0 && test -s wanted.json && perl same.pl wanted.json out || { cat err wanted.err; exit 1; }' sh "$code"
    done
else
    check "pandoc is here to compare with" false
fi

for f in "$filters"/newer/*.lua; do
    name=$(basename "$f" .lua)
    code "$ANJIAN" filter --from json --to json --lua-filter "$f" "$filters/newer/input.json"
    check "$name gives the tree that its author wrote" sh -c 'test "$1" = 0 && perl same.pl "$2" out || { cat err; exit 1; }' sh "$code" "${f%.lua}.json"
done
finish
