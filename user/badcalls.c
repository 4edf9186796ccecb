// badcalls.c -- call the kernel wrongly in every way, and see it refuse
//
//   badcalls [SEED] [N]     N random calls (2000) behind the systematic ones
//
// Every call here must be answered with an error, and must not touch this
// program's memory.  Left out are calls that are right whatever the arguments
// (save, shutdown, exit, ...) and those that could wait for ever.
#include "bad_call.h"

#define RANDOM_USUAL 2000u
#define FOREIGN_MOST 40u     // resources of each kind that are tried
#define STALE (0x800u << 14) // what makes a generation another one

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

        bad_call(bad, OP_CREATE, KIND_ID(closed[i]), arg);
    }
    for (u32 kind = 0; kind < 64; kind++) {
        bad_call(bad, OP_DELETE, KIND_ID(kind), none);
        bad_call(bad, OP_CLOSE, KIND_ID(kind), none);
        bad_call(bad, OP_OPEN, KIND_ID(kind), none); // no name
        for (u32 i = 0; i < names.count; i++) {
            const word name[4] = {names.value[i], 0, 0, 0};

            bad_call(bad, OP_OPEN, KIND_ID(kind), name);
        }
        for (u32 i = 0; i < ARRAY_LEN(codes); i++) {
            const word arg[4] = {codes[i], 0, 0, 0};

            bad_call(bad, OP_CONTROL, KIND_ID(kind), arg);
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
    bad_call(bad, op, (rid)container, arg);
    resource_delete((rid)container);
    bad_call(bad, op, (rid)container, arg); // and now it is stale
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

    bad_call(bad, OP_DELETE, id, none);
    bad_call(bad, OP_CLOSE, id, none);
    bad_call(bad, OP_READ, id, buffer);
    bad_call(bad, OP_WRITE, id, buffer);
    bad_call(bad, OP_CREATE, id, none);
    bad_call(bad, OP_OPEN, id, none);
    for (u32 i = 0; i < ARRAY_LEN(codes); i++) {
        const word arg[4] = {codes[i], 1, 0, 0};

        bad_call(bad, OP_CONTROL, id, arg);
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
        bad_call(bad, op, target, arg);
    }
}

// -------------------------------------------------------------------- main

int
main(int argc, char **argv)
{
    static struct badcalls bad;
    u32 seed = argument(argc, argv, 1, 0, 1);
    u32 count = argument(argc, argv, 2, 0, RANDOM_USUAL);
    int err = bad_prepare(&bad, seed);

    if (err < 0) {
        print("badcalls: it cannot begin: %s.\n", error_sentence(err));
        return 1;
    }
    bad_arguments(&bad);
    bad_wholes(&bad);
    try_kinds(&bad);
    try_messages(&bad);
    try_foreign(&bad);
    try_random(&bad, count);

    bad_code(&bad);
    if (bad.changed != 0)
        print("badcalls: WRONG: memory changed %u times.\n", bad.changed);
    print("badcalls: %u calls refused, %u accepted wrongly\n", bad.refused,
          bad.accepted);
    return bad.accepted != 0 || bad.changed != 0;
}
