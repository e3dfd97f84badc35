#!/bin/sh
# hanzi_common.sh - makes hanzi_common.inc: the 3,755 characters of GB 2312's first level.
#
# Run by hand: sh generator/base/hanzi_common.sh >generator/base/hanzi_common.inc
# Rows 16 to 55 of the standard are the most used characters, as Perl's own table of it has them.
set -eu
perl -MEncode -e '
my @bits = (0) x 0x520;
for my $cp (0x4e00 .. 0x9fff) {
    my $two = eval { encode("euc-cn", chr $cp, sub { "" }) } // "";
    my $row = length $two == 2 ? ord($two) - 0xa0 : 0;
    $bits[($cp >> 4) - 0x4e0] |= 1 << ($cp & 15) if $row >= 16 && $row <= 55;
}
my @lines = ("   ");
for (map { sprintf "0x%x", $_ } @bits) {
    push @lines, "   " if length($lines[-1]) + length($_) > 97;
    $lines[-1] .= " $_,";
}
print "/* hanzi_common - written by hanzi_common.sh: GB 2312, rows 16 to 55. Do not edit.\n";
print " * Must not know: anything. */\n/* clang-format off */\n";
print "static const uint16_t common[0x520] = {\n", join("\n", @lines), "\n};\n/* clang-format on */\n";
'
