#!/bin/sh
# hanzi.sh - makes hanzi_table.inc from Unicode's Unihan files (Debian: unicode-data).
#
# Run by hand when Unicode's data changes: sh generator/base/hanzi.sh >generator/base/hanzi_table.inc
# Readings: the customary one first, then by frequency, then those of two dictionaries of today.
# Old readings of big dictionaries only where there is no other. Simplified forms: only for
# characters that are not themselves in today's standard list, only into ones that are.
set -eu
dir=${1:-/usr/share/unicode}
{ bzcat "$dir/Unihan_Readings.txt.bz2"; bzcat "$dir/Unihan_Variants.txt.bz2"; } | perl -CSD -Mutf8 -e '
use strict; use warnings;
# What Unihan does not say, or says for characters that are hardly ever that word.
my %more = ("裏里綫线衆众産产爲为説说緑绿絶绝録录啓启証证託托佈布佔占昇升唸念週周釐厘鍊炼鎗枪銲焊溼湿洩泄砲炮礮炮"
    . "於于徵征遊游菸烟痠酸燄焰燬毁燻熏牀床臥卧兇凶嚐尝慾欲勳勋癡痴盃杯讚赞鑑鉴鉢钵鋭锐鹼碱鷄鸡麽么鬭斗駡骂鼈鳖饑饥韮韭"
    . "顔颜閲阅関关闇暗羣群眞真絃弦綑捆紮扎彆别汙污淒凄凈净巖岩廻回弔吊囓啮喫吃侷局倣仿剷铲卹恤嚥咽墻墙壜坛壠垅奬奖"
    . "崑昆崙仑悽凄搧扇搾榨昇升槓杠樑梁毬球濬浚燉炖獃呆癒愈皁皂硏研祕秘稜棱簷檐籐藤籤签粧妆綉绣綳绷縴纤脣唇葯药"
    . "蒐搜蓆席蔴麻藷薯蝨虱蠍蝎覈核諮谘譟噪豔艳貍狸賸剩贜赃踰逾蹟迹遯遁醖酝醃腌鈎钩鉋铇鎚锤閧哄隄堤霑沾頽颓飈飚餬糊餽馈"
    . "髒脏鬨哄鰒鳆麤粗齧啮齩咬") =~ /(.)(.)/g;
my %never = map { $_ => 1 } split //, "戠";
my %usual = ("地" => "di"); # in a title it is the ground, hardly ever the particle
my (%mandarin, %frequent, %standard, %modern, %old, %simple, %syllables);
sub bare {
    my ($s) = @_;
    $s =~ tr/āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿ/aaaaeeeeiiiioooouuuuvvvvvnnnm/;
    $s =~ s/\x{300}//g;
    return $s =~ /^[a-z]+$/ ? $s : ();
}
while (<>) {
    next unless /^U\+([0-9A-F]+)\t(k\w+)\t(.*)$/;
    my ($cp, $key, $text) = (hex $1, $2, $3);
    if ($key eq "kMandarin") { $mandarin{$cp} = [map { bare($_) } split / /, $text]; }
    elsif ($key eq "kHanyuPinlu") { $frequent{$cp} = [map { s/\(.*//r } split / /, $text]; }
    elsif ($key eq "kTGHZ2013") { $standard{$cp} = [map { split /,/, s/.*://r } split / /, $text]; }
    elsif ($key eq "kXHC1983") { $modern{$cp} = [map { split /,/, s/.*://r } split / /, $text]; }
    elsif ($key eq "kHanyuPinyin") { $old{$cp} = [map { split /,/, s/.*://r } split / /, $text]; }
    elsif ($key eq "kSimplifiedVariant") { $simple{$cp} = [map { hex s/^U\+//r } split / /, $text]; }
}
my %readings;
my %all = (%mandarin, %frequent, %standard, %modern, %old);
for my $cp (keys %all) {
    next unless ($cp >= 0x4e00 && $cp <= 0x9fff) || $standard{$cp} || $modern{$cp};
    my @list = ($usual{chr $cp} // (), (@{$mandarin{$cp} // []})[0] // (), map { bare($_) } map { @{$_->{$cp} // []} } \%frequent, \%standard, \%modern);
    @list = map { bare($_) } @{$old{$cp} // []} unless @list;
    my %seen;
    @list = grep { !$seen{$_}++ } @list;
    splice @list, 8 if @list > 8;
    next unless @list;
    $readings{$cp} = \@list;
    $syllables{$_} = 1 for @list;
}
$readings{0x3007} = ["ling"];
my @names = sort keys %syllables;
my %number;
$number{$names[$_]} = $_ + 1 for 0 .. $#names;
my (%set_number, @sets);
sub code {
    my ($cp) = @_;
    my $list = $readings{$cp} or return 0;
    return $number{$list->[0]} if @$list == 1;
    my $set = join ", ", map { $number{$_} } @$list;
    if (!$set_number{$set}) {
        push @sets, $set;
        $set_number{$set} = @names + @sets;
    }
    return $set_number{$set};
}
# Two printable characters a code, from # to ~ without ? and \\: they mean something in C strings.
my @digits = grep { !/[\\?]/ } map { chr } 35 .. 126;
my $base = @digits;
my $table = join "", map { my $c = code($_); $digits[$c / $base] . $digits[$c % $base] } 0x4e00 .. 0x9fff;
my @rare = grep { $_ < 0x4e00 || $_ > 0x9fff } sort { $a <=> $b } keys %readings;
my @rare_rows = map { sprintf "{0x%x, %d}", $_, code($_) } @rare;
my $pairs = "";
my @old_forms = (0) x 0x520; # one a bit, 16 characters a number
$simple{ord $_} = [ord $more{$_}] for keys %more;
for my $cp (sort { $a <=> $b } keys %simple) {
    next if $cp > 0xffff || $never{chr $cp} || ($standard{$cp} && !$more{chr $cp});
    my @to = grep { $_ != $cp && $_ <= 0xffff && $standard{$_} } @{$simple{$cp}};
    next unless @to;
    $pairs .= chr($cp) . chr($to[0]);
    $old_forms[($cp >> 4) - 0x4e0] |= 1 << ($cp & 15) if $cp >= 0x4e00 && $cp <= 0x9fff;
}
sub rows {
    my ($text, $width) = @_;
    return join "\n", map { "    \"$_\"" } $text =~ /(.{1,$width})/gs;
}
sub fold {
    my @lines = ("   ");
    for (@_) {
        push @lines, "   " if length($lines[-1]) + length($_) > 97;
        $lines[-1] .= " $_,";
    }
    return join "\n", @lines;
}
print "/* hanzi_table - written by hanzi.sh from the Unihan files of the Unicode Character Database.\n";
print " *\n * Unicode data files: Copyright (c) 1991-2022 Unicode, Inc., under the Unicode License.\n";
print " * Do not edit: run hanzi.sh again. Must not know: anything. */\n";
print "/* clang-format off */\n";
print "enum { SYLLABLES = ", scalar(@names), ", DIGITS = $base };\n";
print "static const char *const syllables[] = {\n", fold(map { "\"$_\"" } @names), "\n};\n";
print "/* Characters with several readings: numbers of syllables, from 1. */\n";
print "static const uint16_t sets[][AJ_HANZI_MAX_READINGS] = {\n", fold(map { "{$_}" } @sets), "\n};\n";
print "/* U+4E00 to U+9FFF, two digits each: 0, a syllable, or SYLLABLES + a set, both from 1. */\n";
print "static const char codes[] =\n", rows($table, 92), ";\n";
print "static const struct { uint32_t cp; uint16_t code; } rare[] = {\n", fold(@rare_rows), "\n};\n";
print "/* Old form and simplified form in turn, by the old form. */\n";
print "static const uint16_t simplified[] =\n",
    join("\n", map { "    u\"$_\"" } $pairs =~ /(.{1,40})/gs), ";\n";
print "/* U+4E00 to U+9FFF, a bit each: an old form. Few are, so most ask no further. */\n";
print "static const uint16_t old_forms[0x520] = {\n", fold(map { sprintf "0x%x", $_ } @old_forms), "\n};\n";
print "/* clang-format on */\n";
'
