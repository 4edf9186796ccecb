// native.c -- every native call (int 0x81) from Linux, with right and wrong ids
//
//   native      one line for each answer that is wrong, then
//               "native: N calls, M wrong"
//
// Calls are made by a child; one that does not come back within a moment is
// ended, and another child goes on behind it. All of it is done twice: after the
// second time as many resources of each kind must be there as before.
#include "base.h"
#include "tender/abi.h"

#define IDS_MAX 10u // of a kind
#define STUCK_MS 60u
#define STEP_MS 5u
#define LOOKS 2000u // only bounds hangs

static struct {
    u32 at;    // the call that is being made
    u32 wrong; // so far
    u32 done;
} * shared;

static u32 count, first; // calls behind which a child is, from which it acts
static u8
    buffer[65536]; // a name at first; larger than all that is written there
static rid ids[IDS_MAX + 4], owners[IDS_MAX + 4];
static rid self; // as the kernel knows the child

static int
native(u32 op, u32 target, u32 a, u32 b, u32 c, u32 d)
{
    int result;

    __asm__ volatile("int $0x81"
                     : "=a"(result)
                     : "a"(op), "b"(target), "c"(a), "d"(b), "S"(c), "D"(d)
                     : "memory");
    return result;
}

static int
control(rid target, u32 code, u32 a, u32 b, u32 c)
{
    return native(OP_CONTROL, target, code, a, b, c);
}

// What everybody may do: the system, or what the console shows, is another one
// afterwards.
static int
is_for_all(u32 op, rid target, const u32 *a)
{
    if (op == OP_WRITE)
        return target == KIND_ID(KIND_CONSOLE) && a[0] == P(buffer);
    return op == OP_CONTROL && target == KIND_ID(KIND_SYSTEM) &&
           a[0] >= SYSTEM_SAVE && a[0] <= SYSTEM_OCC_DISABLE;
}

// owner: RID_NONE for ids that nobody has; nobody's own is ~0.
static void
try(u32 op, rid target, rid owner, const u32 *a)
{
    int result;

    if (count++ < first || is_for_all(op, target, a))
        return;
    shared->at = count;
    result = native(op, target, a[0], a[1], a[2], a[3]);
    shared->done++;
    if (owner == ~0u || result < 0)
        return;
    shared->wrong++;
    print("native: wrong: operation %u on 0x%x (%x %x %x %x) gave %d\n", op,
          target, a[0], a[1], a[2], a[3], result);
}

static void
try_target(rid target, rid owner)
{
    const u32 value[] = {0, 1, P(buffer), 256, 0xc0100000, ~0u, 0x80000000};
    const u32 values = ARRAY_LEN(value);

    for (u32 op = 0; op < OPS + 2; op++) {
        if (op == OP_CONTROL)
            continue;
        for (u32 i = 0; i < values * values; i++) {
            const u32 a[4] = {value[i % values], value[i / values],
                              value[i % 5], value[i % 3]};

            try(op, target, owner, a);
        }
    }
    for (u32 code = 0; code < 72; code++)
        for (u32 i = 0; i < values + 1; i++) {
            const u32 last = value[(i + 2) % values];
            const u32 a[4] = {code, i < values ? value[i] : target, last, last};

            if (code <= SYSTEM_TRACE || code >= 63)
                try(OP_CONTROL, target, owner, a);
        }
}

// Ids of a kind: the kind itself, some that there are, some that nobody has.
static u32
find_ids(u32 kind)
{
    struct resource_info info;
    u32 n = 0;
    u32 index = 0;

    ids[n] = KIND_ID(kind);
    owners[n++] = ~0u;
    while (kind != KIND_NONE && kind < KINDS && n <= IDS_MAX) {
        int next =
            control(KIND_ID(KIND_SYSTEM), SYSTEM_LIST, kind, index, P(&info));

        if (next <= 0)
            break;
        index = (u32)next;
        ids[n] = info.id;
        owners[n++] = info.owner == self || info.id == self ? ~0u : info.owner;
    }
    ids[n] = KIND_ID(kind) | 0x3fff;
    ids[n + 1] = KIND_ID(kind) | 0xfffu << 14 | 1;
    ids[n + 2] = KIND_ID(kind) | 0xfffu << 14 | 0x3fff;
    for (u32 i = 0; i < 3; i++)
        owners[n++] = RID_NONE;
    return n;
}

static rid
owner_of(rid id)
{
    struct resource_info info;
    int next = 0;

    while ((next = control(KIND_ID(KIND_SYSTEM), SYSTEM_LIST, id >> 26,
                           (u32)next, P(&info))) > 0)
        if (info.id == id)
            return info.owner;
    return RID_NONE;
}

// So that there are some of its own, of each kind that can be had.
static void
have_own(void)
{
    int event = native(OP_CREATE, KIND_ID(KIND_EVENT), 0, 1, 0, 0);

    native(OP_CREATE, KIND_ID(KIND_REGION), 0, PAGE, 0, 0);
    native(OP_CREATE, KIND_ID(KIND_MESSAGE), 0, 2, 16, 0);
    native(OP_CREATE, KIND_ID(KIND_TIMER), 0, (u32)event, 10, TIMER_PERIODIC);
    self = owner_of((rid)event);
}

// Only what is its own opens by its name: rights to what others have are kept
// for native processes.
static void
open_names(u32 kind)
{
    struct resource_info info;
    int next = 0;

    while ((next = control(KIND_ID(KIND_SYSTEM), SYSTEM_LIST, kind, (u32)next,
                           P(&info))) > 0) {
        if (info.name[0] == 0)
            continue;
        int result = native(OP_OPEN, KIND_ID(kind), P(info.name), 0, 0, 0);

        shared->done++;
        // Plates are told by their space's name, which is none of theirs.
        if (info.owner == self
                ? result == (int)info.id
                : result == E_ID || (kind == KIND_PLATE && result == E_NAME))
            continue;
        shared->wrong++;
        print("native: wrong: opening %s gave %d\n", info.name, result);
    }
}

static void
act(void)
{
    have_own();
    for (u32 kind = 1; kind < KINDS; kind++)
        open_names(kind);
    for (u32 kind = 0; kind <= KINDS; kind++) {
        u32 n = find_ids(kind == KINDS ? 31 : kind);

        for (u32 i = 0; i < n; i++) {
            memcpy(buffer, "none", 5);
            try_target(ids[i], owners[i]);
        }
    }
    base_exit(77);
}

// A native process as a child, of which nobody wants to know: it has ended when
// its parent ends, or it goes on.
static void
leave_native(int ended)
{
    int pid = call(CALL_FORK);

    if (pid == 0) {
        int child = native(OP_CREATE, KIND_ID(KIND_PROCESS), P("/bin/hello"),
                           P("hello"), 6, 0);

        while (ended && child > 0 &&
               control((rid)child, PROCESS_POLL, 0, 0, 0) == E_BUSY)
            base_sleep_ms(STEP_MS);
        base_exit(child > 0 ? 0 : 1);
    }
    if (base_wait(pid) == 0)
        return;
    shared->wrong++;
    print("native: wrong: /bin/hello does not start\n");
}

// -> whether it came to the end
static int
watch(int pid)
{
    u32 last = 0, still = 0;
    int status;

    while (call(CALL_WAIT4, (u32)pid, P(&status), WNOHANG) == 0) {
        still = shared->at == last ? still + STEP_MS : 0;
        last = shared->at;
        if (still >= STUCK_MS)
            call(CALL_KILL, (u32)pid, SIGKILL);
        base_sleep_ms(STEP_MS);
    }
    return status == 77 << 8;
}

static void
all(void)
{
    for (int end = 0; !end; first = shared->at) {
        int pid = call(CALL_FORK);

        if (pid == 0)
            act();
        end = watch(pid);
    }
    first = 0;
}

static u32
used(u32 kind)
{
    struct kind_info info = {.used = 0};

    control(KIND_ID(KIND_SYSTEM), SYSTEM_KIND, kind, P(&info), 0);
    return info.used;
}

int
main(int argc, char **argv)
{
    u32 before[KINDS];

    (void)argc;
    (void)argv;
    shared = base_map(PAGE, PROT_RW, MAP_SHARED);
    all();
    for (u32 kind = 1; kind < KINDS; kind++)
        before[kind] = used(kind);
    shared->at = 0;
    all();
    leave_native(0);
    leave_native(1);
    for (u32 kind = 1; kind < KINDS; kind++) {
        for (u32 n = 0; n < LOOKS && used(kind) != before[kind]; n++)
            base_sleep_ms(STEP_MS);
        if (used(kind) == before[kind])
            continue;
        shared->wrong++;
        print("native: wrong: %u of kind %u, not %u\n", used(kind), kind,
              before[kind]);
    }
    print("native: %u calls, %u wrong\n", shared->done, shared->wrong);
    return shared->wrong != 0;
}
