// tls.c -- thread-local storage: three segments, reached through gs or fs
//
// A record (struct user_desc) has a number, a base, a limit and bits. Only data
// segments of 32 bits are taken, as Linux does, so that a program can load no
// descriptor that lets it do anything it could not do before.
#include "linux/task/tls.h"

#include "linux/calls.h"
#include "linux/errno.h"
#include "tender/text.h"

#define FIRST 6u // GDT entry
#define RECORD_WORDS 4u
#define SEG_32BIT 1u
#define CONTENTS(bits) ((bits) >> 1 & 3)
#define READ_ONLY 8u
#define IN_PAGES 16u
#define NOT_PRESENT 32u
#define USEABLE 64u

// What programs pass to make an entry empty.
static int
is_empty(const u32 *r)
{
    return (r[1] == 0 && r[2] == 0 && r[3] == (READ_ONLY | NOT_PRESENT)) ||
           (r[1] == 0 && r[2] == 0 && r[3] == 0);
}

static int
make(u32 entry[2], const u32 *r)
{
    u32 bits = r[3];
    u32 limit = r[2];

    if (is_empty(r)) {
        entry[0] = entry[1] = 0;
        return 0;
    }
    if ((bits & SEG_32BIT) == 0 || CONTENTS(bits) > 1 ||
        (bits & NOT_PRESENT) != 0)
        return -EINVAL;
    u32 type = 0x10 | CONTENTS(bits) << 2 | (bits & READ_ONLY ? 0 : 2) | 1;

    entry[0] = (r[1] & 0xffff) << 16 | (limit & 0xffff);
    entry[1] = (r[1] & 0xff000000u) | (r[1] >> 16 & 0xff) |
               (type | 0x60 | 0x80) << 8 | (limit & 0xf0000) | 1u << 22 |
               (bits & USEABLE ? 1u << 20 : 0) |
               (bits & IN_PAGES ? 1u << 23 : 0);
    return 0;
}

int
tls_clone(struct task *child, u32 record)
{
    u32 r[RECORD_WORDS];
    int err = memory_in(child->memory, r, record, sizeof(r));

    if (err < 0)
        return err;
    if (r[0] < FIRST || r[0] >= FIRST + TLS_ENTRIES)
        return -EINVAL;
    return make(child->tls[r[0] - FIRST], r);
}

int
sys_set_thread_area(struct task *t, const u32 *a)
{
    u32 r[RECORD_WORDS];
    u32 entry[2];
    u32 n;
    int err = memory_in(t->memory, r, a[0], sizeof(r));

    if (err < 0)
        return err;
    if (r[0] == ~0u) {
        for (n = 0; n < TLS_ENTRIES && t->tls[n][1] != 0;)
            n++;
        if (n == TLS_ENTRIES)
            return -ESRCH;
        r[0] = FIRST + n;
        err = memory_out(t->memory, a[0], r, sizeof(r[0]));
        if (err < 0)
            return err;
    }
    if (r[0] < FIRST || r[0] >= FIRST + TLS_ENTRIES)
        return -EINVAL;
    err = make(entry, r);
    if (err < 0)
        return err;
    memcpy(t->tls[r[0] - FIRST], entry, sizeof(entry));
    gate_control(t->linux->gate, t->execution, EXECUTION_TLS, (word)t->tls, 0,
                 0);
    return 0;
}

int
sys_get_thread_area(struct task *t, const u32 *a)
{
    u32 r[RECORD_WORDS];
    int err = memory_in(t->memory, r, a[0], sizeof(r[0]));

    if (err < 0)
        return err;
    if (r[0] < FIRST || r[0] >= FIRST + TLS_ENTRIES)
        return -EINVAL;
    const u32 *e = t->tls[r[0] - FIRST];

    r[1] = e[0] >> 16 | (e[1] & 0xff) << 16 | (e[1] & 0xff000000u);
    r[2] = (e[0] & 0xffff) | (e[1] & 0xf0000);
    r[3] = (e[1] >> 22 & 1) * SEG_32BIT | (e[1] >> 10 & 1) << 1 |
           (e[1] >> 9 & 1 ? 0 : READ_ONLY) | (e[1] >> 23 & 1 ? IN_PAGES : 0) |
           (e[1] >> 15 & 1 ? 0 : NOT_PRESENT) | (e[1] >> 20 & 1 ? USEABLE : 0);
    return memory_out(t->memory, a[0], r, sizeof(r));
}
