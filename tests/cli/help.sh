#!/bin/sh
# help: every command tells its use; wrong use leaves with 2 and says what is right.
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 1
export LANG=zh_CN.UTF-8 LC_ALL=
"$ANJIAN" --help >out
for c in build check serve new bundle history diff; do
    check "--help names $c" grep -qE "^  $c" out
    "$ANJIAN" $c --help >one
    check "$c --help shows its use" grep -q "anjian $c" one
    "$ANJIAN" help $c >two
    check "help $c is the same" cmp -s one two
    check "the man page has $c" sh -c '"$1" --man | grep -q "^.SS $2"' - "$ANJIAN" $c
done
check "Chinese by default" grep -q '用法' out
check "English when asked" sh -c 'LANG=en_US.UTF-8 "$1" --help | grep -q usage' - "$ANJIAN"
check "--version" sh -c '"$1" --version | grep -qE "^anjian [0-9]+\.[0-9]+"' - "$ANJIAN"
case ${OBJ:-build/release} in
*release) # others are linked with the libraries as they come
    ldd "$ANJIAN" >libraries
    check "a start loads the C library and nothing else" sh -c '! grep -vE "linux-vdso|lib[cm]\.so|ld-linux" libraries'
    ;;
esac
wrong() {
    code=0
    "$ANJIAN" "$@" >out 2>err || code=$?
    check "wrong use: $*" test "$code" = 2
    check "… says why on stderr" test -s err
    check "… nothing on stdout" test ! -s out
}
wrong bulid
wrong build --no-such-option
wrong build nowhere
wrong build a b c
wrong build -j -3
while read -r words; do
    expected=${words#*: }
    # shellcheck disable=SC2086
    wrong ${words%%: *}
    check "… in Chinese" grep -qF -- "$expected" err
done <<'EOF'
build --no-such=3: 没有“--no-such”这个选项
build -o: -o 后面要写 OUT
build -j two: -j 后面要写整数，不是“two”
build --strict=3: --strict 不带值，只写 --strict
bundle --editions=no: --editions 不带值
build --jobs=two: --jobs 后面要写整数，不是“two”
EOF
git init -q --bare bare.git
wrong check bare.git
check "… a bare repository" grep -q 裸仓库 err
check "… and what it can be used for" grep -q 'anjian build --rev HEAD' err
wrong check --format xml
wrong new
wrong diff
wrong new case
wrong new castle x
wrong -C nowhere build
code=0; "$ANJIAN" >out 2>err || code=$?
check "no command at all: help, and 2" test "$code" = 2
finish
