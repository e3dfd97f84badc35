#!/bin/sh
# pure.sh - pure rooms take bytes and give bytes: no file, clock, environment, locale, random number.
#
# Looks at the undefined symbols of their objects in $OBJ (build/release unless set).
# Must not know: what any room does.
# shellcheck source=tests/lint/lib.sh
. "$(dirname "$0")/lib.sh"
OBJ=${OBJ:-build/release}

cat >"$work/forbidden" <<'END'
open open64 openat openat64 creat fopen fopen64 freopen fdopen opendir fdopendir readdir readdir64 scandir
read write pread pwrite pread64 pwrite64 stat stat64 lstat lstat64 fstat fstat64 fstatat fstatat64
mkdir rmdir unlink unlinkat rename renameat link symlink readlink realpath access chmod chdir getcwd mmap mmap64
mkstemp mkstemp64 mkdtemp tmpfile fork vfork execve execvp posix_spawn system popen wait waitpid kill
socket connect bind printf puts putchar fprintf vfprintf fputs fwrite stdout stderr stdin
__printf_chk __fprintf_chk __vfprintf_chk __open_2 __open64_2
time clock gettimeofday clock_gettime localtime localtime_r gmtime mktime strftime tzset ctime nanosleep sleep usleep
getenv secure_getenv setenv putenv setlocale localeconv nl_langinfo strcoll
rand srand random srandom rand_r drand48 arc4random getrandom getpid getuid gethostname
randombytes_buf randombytes_uniform randombytes_random
g_get_current_time g_get_monotonic_time g_get_real_time g_date_time_new_now g_date_time_new_now_utc
g_date_time_new_now_local g_date_time_new_from_unix_local g_time_zone_new_local g_random_int
g_random_int_range g_random_double g_getenv g_setenv g_get_environ g_get_home_dir g_get_tmp_dir g_get_user_name
g_file_get_contents g_file_set_contents g_file_test g_dir_open g_mkdir g_mkdir_with_parents g_open g_fopen g_stat
g_unlink g_spawn_sync g_spawn_async g_print g_printerr g_uuid_string_random g_utf8_collate g_utf8_collate_key
g_get_charset
END
tr ' ' '\n' <"$work/forbidden" | sort -u >"$work/names"

rooms=$(ls generator/model/*.c generator/parse/*.c generator/render/*.c generator/index/*.c \
    generator/history/diff.c generator/history/words.c generator/records/ledger.c 2>/dev/null || :)
: >"$work/absent"
: >"$work/impure"
for c in $rooms; do
    o=$OBJ/${c#generator/}
    o=${o%.c}.o
    if [ ! -e "$o" ]; then
        echo "$o" >>"$work/absent"
        continue
    fi
    nm -u "$o" | sed -E 's/^ *[Uuw] //; s/@.*//' | sort -u >"$work/used"
    { comm -12 "$work/used" "$work/names"; grep -E '^aj_(fs|pool|sandbox)_|^git_|^archive_|^lua' "$work/used" || :; } |
        sed "s|^|${c#generator/}: |" >>"$work/impure"
done
if [ -s "$work/absent" ] && [ ! -d "$OBJ" ]; then
    skip "nothing is built in $OBJ" "pure rooms touch nothing"
else
    none absent "every pure room is built in $OBJ"
    none impure "pure rooms touch no file, clock, environment, locale or random number"
fi
finish
