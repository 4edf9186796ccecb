// test_process.c -- do programs start whole, end whole, and leave nothing?
#include <stdio.h>
#include <string.h>

#include "small.h"
#include "suite.h"
#include "vspace/vuspace.h"

static rid shared;

static int
control(rid target, u32 code, word a1)
{
    return sys(OP_CONTROL, target, code, a1, 0, 0);
}

static int
create(const char *path, const char *args, u32 bytes, u32 flags)
{
    put_text(SCRATCH, path);
    if (args != NULL)
        put_user(SCRATCH + 512, args, bytes);
    return sys(OP_CREATE, KIND_ID(KIND_PROCESS), SCRATCH,
               args == NULL ? 0 : SCRATCH + 512, bytes, flags);
}

static struct process_entry *
entry(rid id)
{
    return (void *)gate_entry(&small.gate, id);
}

// --- loading ---

// What machine_prepare() was given: the fake writes it onto the kernel stack.
static void
first_frame(u32 *start, u32 *stack)
{
    const struct execution_entry *e =
        (void *)gate_entry(&small.gate, small.executions.current);
    const u32 *top = kernel_at(e->stack_top);

    *stack = top[-1];
    *start = top[-2];
}

static void
check_memory(void)
{
    u8 data[8000];
    u8 text[100];

    get_user(text, 0x08048000, sizeof(text));
    for (u32 i = 0; i < sizeof(text); i++)
        EXPECT(text[i] == (u8)((0x1000 + i) * 7));
    get_user(data, 0x0804a100, sizeof(data));
    for (u32 i = 0; i < sizeof(data); i++)
        EXPECT(data[i] == (i < 5000 ? (u8)((0x1100 + i) * 7) : 0));
    EXPECT(vuspace_copy_out(&small.vu, self(), 0x08048000, text, 1) ==
           E_POINTER); // the text is read-only
    put_user(0x0804a100, "x", 1);
    EXPECT(vuspace_copy_out(&small.vu, self(), SCRATCH - 1, text, 1) ==
           E_POINTER); // the guard page
    put_user(PROCESS_STACK_TOP - 1, "x", 1);
}

static void
check_args(void)
{
    static const char *const args[] = {"a", "bb", "", "dd"};
    u32 start, stack;
    u32 words[7];
    char text[8];

    first_frame(&start, &stack);
    EXPECT(start == 0x08048000);
    EXPECT(stack % 16 == 0);
    get_user(words, stack, sizeof(words));
    EXPECT(words[0] == 4 && words[5] == 0 && words[6] == 0);
    for (u32 i = 0; i < 4; i++) {
        EXPECT(words[1 + i] > stack && words[1 + i] < PROCESS_STACK_TOP);
        get_user(text, words[1 + i], (u32)strlen(args[i]) + 1);
        EXPECT(strcmp(text, args[i]) == 0);
    }
}

static void
loaded_program(const char *name)
{
    if (is(name, "a")) {
        check_args();
        check_memory();
        quit(7 + 256);
    }
    int id = create("/bin/a", "a\0bb\0\0dd", 9, 0);

    EXPECT(id > 0);
    EXPECT(strcmp(entry((rid)id)->res.name, "process/a.2") == 0);
    EXPECT(control((rid)id, PROCESS_POLL, 0) == E_BUSY);
    EXPECT(wait_for((rid)id) == 7);
    EXPECT(wait_for((rid)id) == E_ID);
    EXPECT(control(KIND_ID(KIND_PROCESS), PROCESS_SELF, 0) == (int)self());
    small_end();
}

// Are segments, arguments and stack what the file and the caller say?
START_TEST(loaded)
{
    small.program = loaded_program;
    small_run("init");
}
END_TEST

static void
refused_program(const char *name)
{
    char args[PROCESS_ARGS_BYTES];
    struct tally before = small_tally();
    struct tally after;
    (void)name;

    memset(args, 'x', sizeof(args));
    EXPECT(create("/bin/none", NULL, 0, 0) == E_FILE);
    EXPECT(create("/bin", NULL, 0, 0) == E_FILE);
    EXPECT(create("", NULL, 0, 0) == E_ARGUMENT);
    EXPECT(create("/bin/text", NULL, 0, 0) == E_FORMAT);
    EXPECT(create("/bin/short", NULL, 0, 0) == E_FORMAT);
    EXPECT(create("/bin/a", args, 100, 0) == E_ARGUMENT); // no 0
    EXPECT(create("/bin/a", args, 1, 0) == E_ARGUMENT);
    EXPECT(create("/bin/a", NULL, 0, 2) == E_ARGUMENT);
    memset(args, 0, sizeof(args));
    EXPECT(create("/bin/a", args, 200, 0) == E_ARGUMENT); // too many
    EXPECT(create("/bin/a", args, 2000, 0) == E_ARGUMENT);
    put_text(SCRATCH, "/bin/a");
    EXPECT(sys(OP_CREATE, KIND_ID(KIND_PROCESS), SCRATCH, SCRATCH, 2049, 0) ==
           E_ARGUMENT);
    EXPECT(sys(OP_CREATE, KIND_ID(KIND_PROCESS), SCRATCH, 0xc0000000, 9, 0) ==
           E_POINTER);
    EXPECT(sys(OP_CREATE, KIND_ID(KIND_PROCESS), 0x10, 0, 0, 0) == E_POINTER);
    small.transfer_fails = 1;
    EXPECT(create("/bin/b", NULL, 0, 0) == E_DISK);
    after = small_tally();
    EXPECT(small_same(&before, &after));
    EXPECT(create("/bin/a", args, 128, 0) > 0); // as many as there may be
    small_end();
}

START_TEST(refused)
{
    small.program = refused_program;
    small_run("init");
}
END_TEST

static void
crowd_program(const char *name)
{
    struct tally before, after;
    rid made[PROCESS_LIMIT];
    int id;

    if (!is(name, "init"))
        for (;;)
            sleep_ms(1000000);
    before = small_tally();
    for (u32 round = 0; round < 3; round++) {
        u32 n = 0;

        while ((id = spawn("a-program-with-a-very-long-name", 0)) > 0)
            made[n++] = (rid)id;
        EXPECT(id == E_TABLE || id == E_MEMORY);
        EXPECT(n > 20);
        struct tally full = small_tally();

        EXPECT(spawn("b", 0) == id);
        after = small_tally();
        EXPECT(small_same(&full, &after));
        for (u32 i = 0; i < n; i++)
            EXPECT(sys(OP_DELETE, made[i], 0, 0, 0, 0) == 0);
        sleep_ms(50);
        after = small_tally();
        EXPECT(small_same(&before, &after));
    }
    small_end();
}

// When nothing more fits, is a refused program undone, and a killed one gone?
START_TEST(crowd)
{
    small.program = crowd_program;
    small_run("init");
}
END_TEST

static void
short_program(const char *name)
{
    struct tally before, after;
    u32 pages;
    int id = E_MEMORY;

    if (!is(name, "init"))
        quit(4);
    sleep_ms(20);
    for (pages = 0; id == E_MEMORY; pages++) {
        rid rest = (rid)gate_create(
            &small.gate, KIND_REGION, NULL,
            (small.boot.rm.head->free - pages) * PAGE_SIZE, 0, 0, 0);

        before = small_tally();
        id = spawn("a", 0);
        after = small_tally();
        EXPECT(id > 0 || small_same(&before, &after));
        EXPECT(gate_delete(&small.gate, rest) == 0);
    }
    EXPECT(pages > 20);
    EXPECT(wait_for((rid)id) == 4);
    small_end();
}

// However little memory there is: a whole process or nothing?
START_TEST(short_of_memory)
{
    small.program = short_program;
    small_run("init");
}
END_TEST

// --- the rights ---

static void
rights_program(const char *name)
{
    char text[16];

    if (!is(name, "init")) {
        EXPECT(sys(OP_READ, shared, 0, 0, 0, 0) == E_RIGHT);
        for (u32 i = 0; i < PROCESS_OPEN_LIMIT; i++) {
            snprintf(text, sizeof(text), "event/%u", i);
            EXPECT(sys(OP_OPEN, KIND_ID(KIND_EVENT), put_text(SCRATCH, text), 0,
                       0, 0) > 0);
        }
        EXPECT(sys(OP_OPEN, KIND_ID(KIND_EVENT), put_text(SCRATCH, text), 0, 0,
                   0) > 0); // once more the same
        EXPECT(sys(OP_OPEN, KIND_ID(KIND_EVENT), put_text(SCRATCH, "shared"), 0,
                   0, 0) == E_LIMIT);
        rid open = (rid)sys(OP_OPEN, KIND_ID(KIND_EVENT),
                            put_text(SCRATCH, "event/3"), 0, 0, 0);

        EXPECT(sys(OP_CLOSE, open, 0, 0, 0, 0) == 0);
        EXPECT(sys(OP_CLOSE, open, 0, 0, 0, 0) == E_RIGHT);
        EXPECT(sys(OP_OPEN, KIND_ID(KIND_EVENT), put_text(SCRATCH, "shared"), 0,
                   0, 0) == (int)shared);
        EXPECT(sys(OP_READ, shared, 0, 0, 0, 0) == 0);
        EXPECT(sys(OP_DELETE, shared, 0, 0, 0, 0) == E_RIGHT);
        EXPECT(control(shared, EVENT_SIGNAL, 1) == 0);
        EXPECT(sys(OP_OPEN, KIND_ID(KIND_EVENT), put_text(SCRATCH, "event/3"),
                   0, 0, 0) == E_LIMIT);
        gate_delete(&small.gate, open - 1); // a stale one makes room
        EXPECT(control(entry(self())->execution, EXECUTION_SLEEP, 0) ==
               E_KERNEL);
        quit(0);
    }
    for (u32 i = 0; i < PROCESS_OPEN_LIMIT; i++) {
        snprintf(text, sizeof(text), "event/%u", i);
        EXPECT(sys(OP_CREATE, KIND_ID(KIND_EVENT), put_text(SCRATCH, text), 1,
                   0, 0) > 0);
    }
    shared = (rid)sys(OP_CREATE, KIND_ID(KIND_EVENT),
                      put_text(SCRATCH, "shared"), 1, 0, 0);
    EXPECT(wait_for((rid)spawn("a", 0)) == 0);
    EXPECT(control(KIND_ID(KIND_PROCESS), PROCESS_VSPACE, 0) == E_KERNEL);
    EXPECT(control(self(), PROCESS_KILL, 0) == E_KERNEL);
    EXPECT(control(KIND_ID(KIND_PROCESS), 33, 0) == E_ARGUMENT);
    small_end();
}

// May a process use what it opened, no more, and only that?
START_TEST(rights)
{
    small.program = rights_program;
    small_run("init");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {loaded,          refused, crowd,
                                 short_of_memory, rights,  NULL};
    const struct suite suite = {.name = "process",
                                .open = small_open,
                                .close = small_close,
                                .test = test};

    return suite_run(&suite);
}
