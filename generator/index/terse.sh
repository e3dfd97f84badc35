#!/bin/sh
# terse.sh - makes terse_table.inc: the Han that Chinese uses most, by word frequencies.
#
# Run by hand: sh generator/index/terse.sh >generator/index/terse_table.inc, and with `js` the line
# of themes/classic/search/text.js that says the same. Words and their frequencies are those of
# rime-essay (Debian: rime-essay, LGPL-3), Rime's preset vocabulary, put into simplified characters
# by base/hanzi_table.inc. Of the 1,024 most frequent characters the first 64, the next
# 64, then 128, 256 and 512 are a tier each, in which only their set counts.
set -eu
essay=${ESSAY:-/usr/share/rime-data/essay.txt}
here=$(dirname "$0")
{ sed -n '/simplified\[\] =/,/;/s/^ *u"\(.*\)".*/\1/p' "$here/../base/hanzi_table.inc"; echo "=="; cat "$essay"; } | perl -CSD -Mutf8 -e '
use strict; use warnings;
my ($form, $words) = (shift // "", 0);
my (%simple, %count);
while (<STDIN>) {
    chomp;
    if (!$words) {
        $words = 1 if $_ eq "==";
        $simple{$1} = $2 while /(.)(.)/g;
    } elsif (/^(\S+)\t(\d+)/) {
        my ($word, $n) = ($1, $2);
        $count{$simple{$_} // $_} += $n for grep { /[\x{4e00}-\x{9fff}]/ } split //, $word;
    }
}
my @all = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
my @tiers;
for my $size (64, 64, 128, 256, 512) { push @tiers, [sort splice @all, 0, $size]; }
if ($form eq "js") {
    # Gaps as index/bits writes them with a k that follows, then 13 bits in two of 91 characters.
    my $bits = "";
    my @digits = grep { !/["<\\&]/ } map { chr } 32 .. 126;
    for my $tier (@tiers) {
        my ($last, $k) = (0x4dff, 6);
        for (@$tier) {
            my $gap = ord($_) - $last - 1;
            my $more = 0;
            $more++ while ($gap >> $k) + 1 >= 2 << $more;
            $bits .= "1" x $more . "0";
            my $rest = $gap - (((1 << $more) - 1) << $k);
            $bits .= reverse sprintf "%0*b", $more + $k, $rest if $more + $k;
            $k += $more > 1 ? 1 : $more || !$k ? 0 : -1;
            $last = ord $_;
        }
    }
    $bits .= "0" x (-length($bits) % 13);
    my $text = "";
    for ($bits =~ /(.{13})/g) { my $v = oct "0b" . reverse $_; $text .= $digits[$v / 91] . $digits[$v % 91]; }
    $text =~ s/\x27/\\\x27/g;
    print "  var TABLE = \x27$text\x27;\n";
    exit;
}
print "/* terse_table - written by terse.sh from the words of rime-essay (LGPL-3).\n *\n";
print " * Do not edit: run terse.sh again. Must not know: anything. */\n/* clang-format off */\n";
print "enum { TERSE_TIERS = ", scalar(@tiers), ", TERSE_FIRST = ", scalar(@{$tiers[0]}), " }; /* the second as large as the first, then twice each */\n";
print "static const uint16_t *const tiers[TERSE_TIERS] = {\n";
for (@tiers) {
    my $text = join "", @$_;
    print join("\n", map { "    u\"$_\"" } $text =~ /(.{1,40})/g), ",\n";
}
print "};\n/* clang-format on */\n";
' "${1:-}"
