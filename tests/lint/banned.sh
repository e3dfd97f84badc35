#!/bin/sh
# banned.sh - calls that cannot be used safely, that limp on, or that make two builds differ.
#
# Comments and string literals are taken out first. Must not know: what any room does.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"

# FILE:LINE:CODE with comments and the insides of literals blanked.
perl -e '
for my $file (@ARGV) {
    open my $in, "<", $file or die "$file: $!";
    local $/;
    my $text = <$in>;
    $text =~ s{(/\*.*?\*/)|(//[^\n]*)|("(?:[^"\\\n]|\\.)*")|(\x27(?:[^\x27\\\n]|\\.)*\x27)}{
        my $whole = $&;
        if (defined $3 && $text) { "\"\"" } elsif (defined $4) { "\x27\x27" }
        else { (my $lines = $whole) =~ s/[^\n]//g; " $lines" }
    }gse;
    my $n = 0;
    for (split /\n/, $text, -1) { $n++; print "$file:$n:$_\n"; }
}' generator/*/*.c generator/*/*.h >"$work/code"

# ban NAME WHY PATTERN: the pattern is a whole word.
ban() {
    grep -E "(^|[^A-Za-z0-9_])($2)" "$work/code" >"$work/found" || :
    none found "$1"
}
ban "no call writes without knowing the room it has" '(strcpy|strcat|stpcpy|sprintf|vsprintf|gets|wcscpy)[[:space:]]*\('
ban "no call hands a line to a shell" '(system|popen|g_spawn_command_line_(a)?sync)[[:space:]]*\('
ban "no call keeps its place in hidden memory" '(strtok|localtime|gmtime|ctime|asctime|strerror|readdir_r|tmpnam|mktemp|tempnam)[[:space:]]*\('
ban "no call takes rubbish for a number" '(atoi|atol|atoll|atof|sscanf|scanf)[[:space:]]*\('
ban "our own mistakes end the program instead of limping on" 'g_return_(val_)?if_(fail|reached)'
ban "nothing of the build's time gets into it" '__(DATE|TIME|TIMESTAMP)__'
ban "no array of a size that comes from outside" '(alloca|g_alloca|g_newa0?)[[:space:]]*\('
ban "no jump but Lua's own" '(setjmp|longjmp|sigsetjmp)[[:space:]]*\('

grep -rnE '(TODO|FIXME|XXX|HACK)([^A-Za-z]|$)' generator tests/unit tests/cli lua-filters themes 2>/dev/null \
    --include='*.c' --include='*.h' --include='*.sh' --include='*.lua' --include='*.js' --include='*.css' \
    --include='*.html' --include='*.mjs' | grep -v 'XXXXXX' >"$work/left" || :
none left "nothing is left for later"

grep -rnP '[ \t]+$|\t' generator --include='*.c' --include='*.h' >"$work/blanks" || :
none blanks "no tab, no blank at the end of a line"
grep -rnIP '\r$' generator tests/unit >"$work/returns" || :
none returns "no carriage return"
finish
