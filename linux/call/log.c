// log.c -- system call: what the kernel said (dmesg, klogd)
//
// Positions count characters since the boot. An older part of a line, where the
// ring has gone round, is skipped.
#include "linux/calls.h"
#include "linux/errno.h"

#define PIECE 256u
#define LOOK_US 200000u

enum action {
    LOG_CLOSE,
    LOG_OPEN,
    LOG_READ,
    LOG_READ_ALL,
    LOG_READ_CLEAR,
    LOG_CLEAR,
    LOG_CONSOLE_OFF,
    LOG_CONSOLE_ON,
    LOG_CONSOLE_LEVEL,
    LOG_SIZE_UNREAD,
    LOG_SIZE,
};

// The oldest whole line from a position on that is still there.
static u32
oldest(u32 from)
{
    u32 end = machine_logged();
    char c = 0;

    if (end - from <= MACHINE_LOG)
        return from;
    from = end - MACHINE_LOG;
    while (from < end && c != '\n')
        machine_log_read(from++, &c, 1);
    return from;
}

// -> bytes or -EFAULT; *from is moved behind them.
static int
copy_out(struct task *t, u32 *from, u32 to, u32 bytes)
{
    char piece[PIECE];
    u32 done = 0;

    while (done < bytes) {
        u32 n = machine_log_read(*from, piece, MIN(bytes - done, PIECE));

        if (n == 0)
            break;
        int err = memory_out(t->memory, to + done, piece, n);

        if (err < 0)
            return err;
        done += n;
        *from += n;
    }
    return (int)done;
}

static int
read_unread(struct task *t, u32 to, u32 bytes)
{
    struct linux *l = t->linux;

    while (l->log_read == machine_logged()) {
        int err = task_wait(t, &l->log_read, LOOK_US);

        if (err < 0 && err != -ETIMEDOUT)
            return err;
    }
    l->log_read = oldest(l->log_read);
    return copy_out(t, &l->log_read, to, bytes);
}

// The newest of what was not cleared.
static int
read_all(struct task *t, u32 to, u32 bytes)
{
    u32 from = oldest(t->linux->log_cleared);

    if (machine_logged() - from > bytes)
        from = machine_logged() - bytes;
    return copy_out(t, &from, to, bytes);
}

// Everybody may look at all there is, and ask how much that can be.
static int
check(const struct task *t, const u32 *a)
{
    if (a[0] > LOG_SIZE)
        return -EINVAL;
    if (t->euid != 0 && a[0] != LOG_READ_ALL && a[0] != LOG_SIZE)
        return -EPERM;
    if (a[0] < LOG_READ || a[0] > LOG_READ_CLEAR)
        return 0;
    return a[1] == 0 || (int)a[2] < 0 ? -EINVAL : 0;
}

int
sys_syslog(struct task *t, const u32 *a)
{
    struct linux *l = t->linux;
    int result = check(t, a);

    if (result < 0)
        return result;
    switch ((enum action)a[0]) {
    case LOG_READ:
        return a[2] == 0 ? 0 : read_unread(t, a[1], a[2]);
    case LOG_READ_ALL:
        return read_all(t, a[1], a[2]);
    case LOG_READ_CLEAR:
        result = read_all(t, a[1], a[2]);
        if (result >= 0)
            l->log_cleared = machine_logged();
        return result;
    case LOG_CLEAR:
        l->log_cleared = machine_logged();
        return 0;
    case LOG_CONSOLE_LEVEL: // what is said is always shown
        return a[2] < 1 || a[2] > 8 ? -EINVAL : 0;
    case LOG_SIZE_UNREAD:
        return (int)(machine_logged() - oldest(l->log_read));
    case LOG_SIZE:
        return (int)MACHINE_LOG;
    default:
        return 0;
    }
}
