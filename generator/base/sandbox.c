/* sandbox - one door to landlock and seccomp: what a worker may still do.
 *
 * Landlock closes the files, by raw system calls, since there is no library for it here; seccomp
 * closes what landlock does not know: programs, sockets, other processes, the kernel's rare doors.
 * A refused call answers EPERM, so that a library which tries something can go on without.
 * Must not know: why the caller wants it. */
#include "base/sandbox.h"

#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights that came after the headers of Debian 12, and the version each came with. */
#define ACCESS_TRUNCATE (1ULL << 14)  /* 3 */
#define ACCESS_IOCTL_DEV (1ULL << 15) /* 5 */
#define NET_ALL 3ULL                  /* 4: bind and connect */
#define SCOPE_ALL 3ULL                /* 6: abstract sockets and signals */

typedef struct {
    uint64_t fs, net, scoped;
} Ruleset; /* zeros at the end are fine with every version */

static const uint64_t file_rights = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                    LANDLOCK_ACCESS_FS_READ_FILE | ACCESS_TRUNCATE |
                                    ACCESS_IOCTL_DEV;

static int landlock_version(void)
{
    long v = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return v < 0 ? 0 : (int)v;
}

static uint64_t rights_known(int version)
{
    uint64_t rights = (1ULL << 13) - 1;
    if (version >= 2)
        rights |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3)
        rights |= ACCESS_TRUNCATE;
    if (version >= 5)
        rights |= ACCESS_IOCTL_DEV;
    return rights;
}

static void landlock_allow(int ruleset, const char *const *paths, uint64_t rights)
{
    for (; paths && *paths; paths++) {
        struct stat st;
        int fd = open(*paths, O_PATH | O_CLOEXEC);
        if (fd < 0)
            continue; /* what is not there needs no right */
        struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
        if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
            rule.allowed_access &= file_rights;
        syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
        close(fd);
    }
}

/* The version that holds from now on, 0 for none. */
static int landlock_enter(const AjSandbox *box)
{
    int version = landlock_version();
    if (!version)
        return 0;
    uint64_t known = rights_known(version);
    uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    uint64_t never = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                     LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                     LANDLOCK_ACCESS_FS_MAKE_FIFO | ACCESS_IOCTL_DEV;
    Ruleset all = {known, version >= 4 ? NET_ALL : 0, version >= 6 ? SCOPE_ALL : 0};
    int fd = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (fd < 0)
        return 0;
    landlock_allow(fd, box->read_below, reading);
    landlock_allow(fd, box->write_below, known & ~never);
    bool good = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    close(fd);
    return good ? version : 0;
}

static bool seccomp_enter(bool writes)
{
    static const int closed[] = {SCMP_SYS(execve),
                                 SCMP_SYS(execveat),
                                 SCMP_SYS(fork),
                                 SCMP_SYS(vfork),
                                 SCMP_SYS(clone),
                                 SCMP_SYS(socket),
                                 SCMP_SYS(socketpair),
                                 SCMP_SYS(connect),
                                 SCMP_SYS(bind),
                                 SCMP_SYS(listen),
                                 SCMP_SYS(accept),
                                 SCMP_SYS(accept4),
                                 SCMP_SYS(sendto),
                                 SCMP_SYS(sendmsg),
                                 SCMP_SYS(ptrace),
                                 SCMP_SYS(process_vm_readv),
                                 SCMP_SYS(process_vm_writev),
                                 SCMP_SYS(pidfd_getfd),
                                 SCMP_SYS(pidfd_send_signal),
                                 SCMP_SYS(mount),
                                 SCMP_SYS(umount2),
                                 SCMP_SYS(chroot),
                                 SCMP_SYS(pivot_root),
                                 SCMP_SYS(unshare),
                                 SCMP_SYS(setns),
                                 SCMP_SYS(bpf),
                                 SCMP_SYS(perf_event_open),
                                 SCMP_SYS(userfaultfd),
                                 SCMP_SYS(io_uring_setup),
                                 SCMP_SYS(io_uring_enter),
                                 SCMP_SYS(io_uring_register),
                                 SCMP_SYS(keyctl),
                                 SCMP_SYS(add_key),
                                 SCMP_SYS(request_key),
                                 SCMP_SYS(init_module),
                                 SCMP_SYS(finit_module),
                                 SCMP_SYS(delete_module),
                                 SCMP_SYS(kexec_load),
                                 SCMP_SYS(kexec_file_load),
                                 SCMP_SYS(reboot),
                                 SCMP_SYS(swapon),
                                 SCMP_SYS(swapoff),
                                 SCMP_SYS(open_by_handle_at),
                                 SCMP_SYS(personality),
                                 SCMP_SYS(mknod),
                                 SCMP_SYS(mknodat),
                                 SCMP_SYS(msgget),
                                 SCMP_SYS(shmget),
                                 SCMP_SYS(semget)};
    /* Landlock does not guard these: they change files without opening them. */
    static const int changing[] = {
        SCMP_SYS(chmod),        SCMP_SYS(fchmod),    SCMP_SYS(fchmodat),    SCMP_SYS(chown),
        SCMP_SYS(fchown),       SCMP_SYS(lchown),    SCMP_SYS(fchownat),    SCMP_SYS(setxattr),
        SCMP_SYS(lsetxattr),    SCMP_SYS(fsetxattr), SCMP_SYS(removexattr), SCMP_SYS(lremovexattr),
        SCMP_SYS(fremovexattr), SCMP_SYS(utime),     SCMP_SYS(utimes),      SCMP_SYS(utimensat),
        SCMP_SYS(futimesat),    SCMP_SYS(truncate)};
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
    if (!ctx)
        return false;
    bool good = true;
    for (size_t i = 0; good && i < G_N_ELEMENTS(closed); i++)
        good = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), closed[i], 0) == 0;
    for (size_t i = 0; good && !writes && i < G_N_ELEMENTS(changing); i++)
        good = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), changing[i], 0) == 0;
    /* ENOSYS makes libc fall back to clone, which is refused properly. */
    good = good && seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
    /* Signals to oneself stay possible: abort needs them. */
    static const int signalling[] = {SCMP_SYS(kill), SCMP_SYS(tkill), SCMP_SYS(tgkill)};
    const struct scmp_arg_cmp others = {0, SCMP_CMP_NE, (scmp_datum_t)getpid(), 0};
    for (size_t i = 0; good && i < G_N_ELEMENTS(signalling); i++)
        good = seccomp_rule_add_array(ctx, SCMP_ACT_ERRNO(EPERM), signalling[i], 1, &others) == 0;
    good = good && seccomp_load(ctx) == 0;
    seccomp_release(ctx);
    return good;
}

static void say(GString *status, int version, bool filter)
{
    if (version)
        g_string_append_printf(status, "landlock %d", version);
    if (filter)
        g_string_append_printf(status, "%sseccomp", version ? ", " : "");
    if (!version && !filter)
        g_string_append(status, AJ_TR("没有沙箱", "no sandbox"));
}

void aj_sandbox_enter(const AjSandbox *box, GString *status)
{
    int version = landlock_enter(box);
    say(status, version, seccomp_enter(box->write_below && *box->write_below));
}

void aj_sandbox_probe(GString *status)
{
    uint32_t action = SECCOMP_RET_ERRNO;
    say(status, landlock_version(),
        syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0);
}
