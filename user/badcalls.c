// badcalls.c -- call the kernel wrongly in every way, and see it refuse
//
//   badcalls [SEED] [N]     N random calls (2000) behind the systematic ones
//
// Every call here must be answered with an error, and must not touch this
// program's memory.  Left out are calls that are right whatever the arguments
// (save, shutdown, exit, ...) and those that could wait for ever.
#include "bad.h"

#define RANDOM_USUAL 2000u
#define FOREIGN_MOST 40u     // resources of each kind that are tried
#define STALE (0x800u << 14) // what makes a generation another one
#define FAILURES_MOST 10u    // that are printed

extern const char program_code[], program_code_end[]; // user.ld

struct badcalls {
    u32 refused;
    u32 accepted; // wrongly
    u32 changed;  // calls that changed memory
    u32 code_sum;
    u32 canary_sum;
    rid self;
    rid region; // attached at EDGE_VA
    rid space;
    rid unattached;
    rid event;
    char canary[PAGE_SIZE];
    char buffer[PAGE_SIZE]; // where calls may write
    struct random random;
};

// ------------------------------------------------------------ the one call

static u32
sum_of(const char *from, u32 bytes, u32 sum)
{
    const volatile u32 *words = (const volatile u32 *)(word)from;

    for (u32 i = 0; i < bytes / 4; i++)
        sum = (sum << 5 | sum >> 27) + words[i];
    return sum;
}

static u32
canary_sum(const struct badcalls *bad)
{
    u32 sum = sum_of(bad->canary, sizeof(bad->canary), 1);

    return sum_of((const char *)EDGE_VA, PAGE_SIZE, sum);
}

static void
complain(const char *what, u32 op, rid target, const word arg[4], int result)
{
    print("badcalls: WRONG: %s: op %u target 0x%x (0x%x 0x%x 0x%x 0x%x) -> "
          "0x%x\n",
          what, op, target, arg[0], arg[1], arg[2], arg[3], (u32)result);
}

static void
call(struct badcalls *bad, u32 op, rid target, const word arg[4])
{
    int result = tender_call(op, target, arg[0], arg[1], arg[2], arg[3]);

    if (result < 0) {
        bad->refused++;
    } else {
        if (bad->accepted++ < FAILURES_MOST)
            complain("accepted", op, target, arg, result);
        if (op == OP_CREATE)
            resource_delete((rid)result);
    }
    if (canary_sum(bad) != bad->canary_sum) {
        if (bad->changed++ < FAILURES_MOST)
            complain("memory changed", op, target, arg, result);
        bad->canary_sum = canary_sum(bad);
    }
}

// ----------------------------------------------------- good but for one thing

// A call that would be right, and what may be wrong with each argument.
struct attempt {
    u32 op;
    rid target;
    word arg[4];
    enum badness badness[4];
};

static void
try_argument(struct badcalls *bad, const struct attempt *attempt, u32 i)
{
    struct bad_list list = bad_values(attempt->badness[i]);
    word arg[4];

    memcpy(arg, attempt->arg, sizeof(arg));
    for (u32 n = 0; n < list.count; n++) {
        arg[i] = list.value[n];
        call(bad, attempt->op, attempt->target, arg);
    }
    if (attempt->badness[i] == BAD_OUT) { // may be read, but not written
        arg[i] = (word)program_code;
        call(bad, attempt->op, attempt->target, arg);
    }
}

static void
try_attempts(struct badcalls *bad)
{
    static const char hello[] = "hello";
    static const char path[] = "/bin/hello";
    static const char long_name[] = "a name that goes on and on until it is "
                                    "longer than any name may be";
    const word file = (word)path;
    const word out = (word)bad->buffer;
    const rid console = KIND_ID(KIND_CONSOLE);
    const rid disk = KIND_ID(KIND_DISK);
    const rid system = KIND_ID(KIND_SYSTEM);
    const struct attempt attempts[] = {
        {OP_CREATE, KIND_ID(KIND_REGION), {0, PAGE_SIZE}, {BAD_NAME, BAD_SIZE}},
        {OP_CREATE,
         KIND_ID(KIND_REGION),
         {(word)long_name, 0},
         {GOOD, BAD_SIZE}},
        {OP_CREATE,
         KIND_ID(KIND_VUSPACE),
         {0, bad->unattached, 0, 1},
         {BAD_NAME, BAD_ID, BAD_VA, BAD_FLAGS}},
        {OP_CREATE,
         KIND_ID(KIND_VUSPACE),
         {0, bad->region, 0, 1},
         {GOOD, BAD_ID, BAD_VA, BAD_FLAGS}},
        {OP_CREATE, KIND_ID(KIND_PLATE), {0, 0}, {BAD_NAME, BAD_ID}},
        {OP_CREATE,
         KIND_ID(KIND_PROCESS),
         {file, (word)hello, 6, 0},
         {BAD_IN, BAD_IN, BAD_LENGTH, BAD_FLAGS}},
        {OP_CREATE, KIND_ID(KIND_EVENT), {0, 0}, {BAD_NAME}},
        {OP_CREATE,
         KIND_ID(KIND_MESSAGE),
         {0, 4, 16},
         {BAD_NAME, BAD_SIZE, BAD_SIZE}},
        {OP_CREATE,
         KIND_ID(KIND_MESSAGE),
         {0, 0x10000, 0x10000},
         {BAD_NAME, BAD_SIZE, BAD_SIZE}},
        {OP_CREATE,
         KIND_ID(KIND_TIMER),
         {0, bad->event, 10, TIMER_ONCE},
         {BAD_NAME, BAD_ID, GOOD, BAD_FLAGS}},
        {OP_WRITE, console, {(word)hello, 16}, {BAD_IN}},
        {OP_WRITE, console, {EDGE_VA, 0x40000000}, {BAD_IN}},
        {OP_CONTROL, console, {CONSOLE_FOREGROUND, 0x3fff}, {GOOD}},
        {OP_CONTROL,
         disk,
         {DISK_LIST, (word) "/", 0, out},
         {GOOD, BAD_NAME, GOOD, BAD_OUT}},
        {OP_CONTROL, system, {SYSTEM_STATUS, out}, {GOOD, BAD_OUT}},
        {OP_CONTROL,
         system,
         {SYSTEM_LIST, KIND_PROCESS, 0, out},
         {GOOD, BAD_KIND, GOOD, BAD_OUT}},
        {OP_CONTROL,
         system,
         {SYSTEM_KIND, KIND_PROCESS, out},
         {GOOD, BAD_KIND, BAD_OUT}},
        {OP_CONTROL, system, {SYSTEM_UPTIME, out}, {GOOD, BAD_OUT}},
        {OP_CONTROL, system, {SYSTEM_TRACE, out, 4}, {GOOD, BAD_OUT}},
        {OP_CONTROL, KIND_ID(KIND_PROCESS), {PROCESS_WAIT}, {GOOD}},
        {OP_CONTROL, bad->space, {VU_ADDRESS}, {BAD_SIZE}},
    };

    for (u32 a = 0; a < ARRAY_LEN(attempts); a++)
        for (u32 i = 0; i < 4; i++)
            try_argument(bad, &attempts[a], i);
}

// Calls that are wrong as they stand.
static void
try_wrong(struct badcalls *bad)
{
    const word out = (word)bad->buffer;
    const word hello = (word) "hello";
    const struct attempt attempts[] = {
        {OP_CREATE, KIND_ID(KIND_REGION), {EDGE_VA, PAGE_SIZE}, {GOOD}},
        {OP_CREATE, KIND_ID(KIND_VUSPACE), {0, bad->region, 0, 1}, {GOOD}},
        {OP_CREATE, KIND_ID(KIND_MESSAGE), {0, 0x10000, 0x10000}, {GOOD}},
        {OP_CREATE, KIND_ID(KIND_EVENT), {0, ~0u}, {GOOD}},
        {OP_CREATE, KIND_ID(KIND_TIMER), {0, bad->event, 0}, {GOOD}},
        {OP_CONTROL, bad->event, {EVENT_WAIT, 1}, {GOOD}}, // none comes
        {OP_CREATE, KIND_ID(KIND_PROCESS), {hello, hello, 6}, {GOOD}},
        {OP_CREATE,
         KIND_ID(KIND_PROCESS),
         {(word) "/bin/hello", hello, 5},
         {GOOD}}, // the last argument has no final 0
        {OP_CREATE, KIND_ID(KIND_PROCESS), {(word) "/bin", hello, 6}, {GOOD}},
        {OP_CONTROL, KIND_ID(KIND_PROCESS), {PROCESS_WAIT}, {GOOD}},
        {OP_CONTROL, KIND_ID(KIND_PROCESS), {PROCESS_POLL}, {GOOD}},
        {OP_CONTROL, bad->self, {PROCESS_WAIT}, {GOOD}},
        {OP_CONTROL, bad->self, {PROCESS_POLL}, {GOOD}},
        {OP_DELETE, bad->region, {0}, {GOOD}}, // attached
        {OP_READ, bad->region, {out, 16}, {GOOD}},
        {OP_WRITE, bad->region, {out, 16}, {GOOD}},
        {OP_CONTROL, bad->region, {VU_ADDRESS}, {GOOD}},
        {OP_CONTROL,
         KIND_ID(KIND_DISK),
         {DISK_LIST, (word) "/none", 0, out},
         {GOOD}},
        {OP_CONTROL,
         KIND_ID(KIND_DISK),
         {DISK_LIST, (word) "/", ~0u, out},
         {GOOD}},
        {OP_CONTROL,
         KIND_ID(KIND_CONSOLE),
         {CONSOLE_FOREGROUND, 0x3fff},
         {GOOD}},
    };

    for (u32 a = 0; a < ARRAY_LEN(attempts); a++)
        call(bad, attempts[a].op, attempts[a].target, attempts[a].arg);
}

// Whole kinds: kernel-only ones, deleting, names, unknown control codes.
static void
try_kinds(struct badcalls *bad)
{
    static const u32 codes[] = {0, 50, 64, 65, 66, 67, 127, 0x80000001, ~0u};
    static const u32 closed[] = {KIND_REAL_MEMORY, KIND_VSPACE,    KIND_VKSPACE,
                                 KIND_SYSTEM,      KIND_EXECUTION, KIND_CONSOLE,
                                 KIND_DISK,        KIND_DEVICE,    KIND_PUNIT,
                                 KIND_VUNIT};
    const struct bad_list names = bad_values(BAD_NAME);
    const word none[4] = {0, 0, 0, 0};

    for (u32 i = 0; i < ARRAY_LEN(closed); i++) {
        const word arg[4] = {0, 1, 1, 0};

        call(bad, OP_CREATE, KIND_ID(closed[i]), arg);
    }
    for (u32 kind = 0; kind < 64; kind++) {
        call(bad, OP_DELETE, KIND_ID(kind), none);
        call(bad, OP_CLOSE, KIND_ID(kind), none);
        call(bad, OP_OPEN, KIND_ID(kind), none); // no name
        for (u32 i = 0; i < names.count; i++) {
            const word name[4] = {names.value[i], 0, 0, 0};

            call(bad, OP_OPEN, KIND_ID(kind), name);
        }
        for (u32 i = 0; i < ARRAY_LEN(codes); i++) {
            const word arg[4] = {codes[i], 0, 0, 0};

            call(bad, OP_CONTROL, KIND_ID(kind), arg);
        }
    }
}

// ----------------------------------------------------- own message container

// Messages could make us wait, so each call gets a fresh container that holds
// (for reading) or has room for (for writing) one message.
static void
try_message(struct badcalls *bad, u32 op, word pointer, u32 bytes)
{
    const word arg[4] = {pointer, bytes, 0, 0};
    int container = message_create(NULL, 2, 16);

    if (container < 0) {
        print("badcalls: no message container: %s.\n",
              error_sentence(container));
        return;
    }
    if (op == OP_READ)
        message_send((rid)container, "fifteen letters", 16);
    call(bad, op, (rid)container, arg);
    resource_delete((rid)container);
    call(bad, op, (rid)container, arg); // and now it is stale
}

static void
try_messages(struct badcalls *bad)
{
    const struct bad_list pointers = bad_values(BAD_IN);

    for (u32 i = 0; i < pointers.count; i++) {
        try_message(bad, OP_READ, pointers.value[i], 16);
        try_message(bad, OP_WRITE, pointers.value[i], 16);
    }
    try_message(bad, OP_READ, (word)program_code, 16);
    try_message(bad, OP_WRITE, (word)bad->buffer, 17);
    try_message(bad, OP_WRITE, (word)bad->buffer, 0x80000000);
    try_message(bad, OP_WRITE, (word)bad->buffer, ~0u);
}

// -------------------------------------------------------- what others own

static void
try_id(struct badcalls *bad, rid id)
{
    const word buffer[4] = {(word)bad->buffer, 16, 0, 0};
    const word none[4] = {0, 0, 0, 0};
    static const u32 codes[] = {0, 1, 2, 3, 4, 64, 65, 66};

    call(bad, OP_DELETE, id, none);
    call(bad, OP_CLOSE, id, none);
    call(bad, OP_READ, id, buffer);
    call(bad, OP_WRITE, id, buffer);
    call(bad, OP_CREATE, id, none);
    call(bad, OP_OPEN, id, none);
    for (u32 i = 0; i < ARRAY_LEN(codes); i++) {
        const word arg[4] = {codes[i], 1, 0, 0};

        call(bad, OP_CONTROL, id, arg);
    }
}

// Resources of others, and generations of theirs that are no more.
static void
try_foreign(struct badcalls *bad)
{
    struct resource_info info;

    for (u32 kind = 1; kind < KINDS; kind++) {
        u32 index = 0;

        for (u32 n = 0; n < FOREIGN_MOST; n++) {
            if (system_next(kind, &index, &info) != 1)
                break;
            if (info.owner == bad->self || info.id == bad->self)
                continue;
            try_id(bad, info.id);
            if ((info.id ^ STALE) >> 14 << 14 != KIND_ID(kind))
                try_id(bad, info.id ^ STALE);
        }
    }
}

// ------------------------------------------------------------------ random

// A target that cannot exist: no such kind, or an index behind all tables.
static rid
random_target(struct random *random)
{
    u32 any = random_next(random);

    if (any & 1)
        return (KINDS + random_below(random, 64 - KINDS)) << 26 | any >> 6;
    return random_below(random, KINDS) << 26 |
           (1 + random_below(random, 4095)) << 14 | 0x3f00 | any >> 24;
}

static word
random_argument(struct badcalls *bad)
{
    const struct bad_list pointers = bad_values(BAD_IN);
    struct random *random = &bad->random;

    switch (random_below(random, 4)) {
    case 0:
        return pointers.value[random_below(random, pointers.count)];
    case 1:
        return random_below(random, 64);
    case 2:
        return (word)bad->buffer;
    default:
        return random_next(random);
    }
}

static void
try_random(struct badcalls *bad, u32 count)
{
    struct random *random = &bad->random;
    word arg[4];

    while (count-- != 0) {
        u32 op = random_below(random, OPS);
        rid target = random_target(random);

        for (u32 i = 0; i < 4; i++)
            arg[i] = random_argument(bad);
        if (random_below(random, 3) == 0) { // no such operation
            op = OPS + (random_next(random) >> (1 + random_below(random, 28)));
            target = random_below(random, KINDS) << 26;
        }
        call(bad, op, target, arg);
    }
}

// -------------------------------------------------------------------- main

static int
prepare(struct badcalls *bad, u32 seed)
{
    int region = region_create(NULL, PAGE_SIZE);
    int space;
    int unattached = region_create(NULL, PAGE_SIZE);
    int event = event_create(NULL, 0);

    if (region < 0 || unattached < 0 || event < 0)
        return MIN(event, MIN(region, unattached));
    space = vuspace_attach(NULL, (rid)region, EDGE_VA, VU_WRITABLE);
    if (space < 0)
        return space;
    bad->self = process_self();
    bad->region = (rid)region;
    bad->space = (rid)space;
    bad->unattached = (rid)unattached;
    bad->event = (rid)event;
    memset((void *)EDGE_VA, 'x', PAGE_SIZE); // a name without an end
    memset(bad->canary, 0x5a, sizeof(bad->canary));
    bad->canary_sum = canary_sum(bad);
    bad->code_sum =
        sum_of(program_code, (u32)(program_code_end - program_code), 1);
    random_seed(&bad->random, seed);
    return 0;
}

int
main(int argc, char **argv)
{
    static struct badcalls bad;
    u32 seed = argument(argc, argv, 1, 0, 1);
    u32 count = argument(argc, argv, 2, 0, RANDOM_USUAL);
    int err = prepare(&bad, seed);
    u32 code_sum;

    if (err < 0) {
        print("badcalls: it cannot begin: %s.\n", error_sentence(err));
        return 1;
    }
    try_attempts(&bad);
    try_wrong(&bad);
    try_kinds(&bad);
    try_messages(&bad);
    try_foreign(&bad);
    try_random(&bad, count);

    code_sum = sum_of(program_code, (u32)(program_code_end - program_code), 1);
    if (code_sum != bad.code_sum) {
        print("badcalls: WRONG: the program's code changed.\n");
        bad.changed++;
    }
    if (bad.changed != 0)
        print("badcalls: WRONG: memory changed %u times.\n", bad.changed);
    print("badcalls: %u calls refused, %u accepted wrongly\n", bad.refused,
          bad.accepted);
    return bad.accepted != 0 || bad.changed != 0;
}
