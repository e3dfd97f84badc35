#!/bin/sh
# pictures: with assets: recode heavy pictures are published smaller, the same bytes each time; what
# cannot be made smaller is published as it is, and told.
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
# A PNG of noise, by hand: stored blocks, so that it needs no tool.
make_png() { # FILE WIDTH HEIGHT
    perl -MCompress::Zlib -e 'my ($w, $h) = @ARGV; my $x = 7;
        my $chunk = sub { my ($t, $d) = @_; pack("N", length $d) . $t . $d . pack("N", crc32($t . $d)) };
        my $raw = ""; for (1 .. $h) { $raw .= "\0"; for (1 .. $w * 3) { $x = ($x * 1103515245 + 12345) & 0x7fffffff; $raw .= chr($x >> 23 & 255) } }
        print "\x89PNG\r\n\x1a\n", $chunk->("IHDR", pack("NNC5", $w, $h, 8, 2, 0, 0, 0)),
            $chunk->("IDAT", compress($raw)), $chunk->("IEND", "")' "$2" "$3" >"$1"
}
mkdir site && make_png site/photo.png 240 180 && head -c 60000 site/photo.png >site/cut.png
head -c 60000 site/photo.png >site/sheet.pdf
{ printf 'GIF89a' && head -c 60000 site/photo.png; } >site/film.gif
printf '# 一页\n\n![通风](photo.png) ![坏图](cut.png) ![动图](film.gif) [表](sheet.pdf)\n' >site/index.md
printf 'assets: {max_kb: 40}\n' >site/site.yaml
code "$ANJIAN" build site -o www
check "a heavy picture is told, with the way out" sh -c 'grep -A1 "photo.png.*heavy-asset" err | grep -q "recode: true"'
check "and published as it is" cmp site/photo.png www/photo.*.png
printf 'assets: {max_kb: 40, recode: true}\n' >site/site.yaml
code "$ANJIAN" build site -o www
check "with recode it fits" test "$(stat -c %s www/photo.*.png)" -le 40960
check "and is no longer told" sh -c '! grep -q photo.png err'
check "a damaged one stays as it is" cmp site/cut.png www/cut.*.png
check "and is told" grep -q 'cut.png.*heavy-asset' err
check "… that it could not be made smaller" sh -c 'grep -A1 "cut.png.*heavy-asset" err | grep -q 程序缩不了它.*CMYK'
check "so is what is no picture" grep -q 'sheet.pdf.*heavy-asset' err
check "… with no word of pictures" sh -c '! grep -A1 "sheet.pdf.*heavy-asset" err | grep -q "JPEG\|CMYK"'
check "so is a picture of another kind, with the way out" sh -c 'grep -A1 "film.gif.*heavy-asset" err | grep -q "只缩小 JPEG 和 PNG"'
grep heavy-asset err >first
printf '\n再来一句。\n' >>site/index.md
code "$ANJIAN" build site -o www
grep heavy-asset err >second
check "a later build that keeps them says the same" cmp first second
"$ANJIAN" -q build site -o again -j 1 2>/dev/null
check "a cold build gives the same bytes" diff -r www again
printf '附件:\n  上限KB: 20\n  缩小图片: 是\n' >site/site.yaml
code "$ANJIAN" build site -o www
check "another limit makes it anew" test "$(stat -c %s www/photo.*.png)" -le 20480
finish
