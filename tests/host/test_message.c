// test_message.c -- is each message received once, whoever dies?
#include <stdlib.h>
#include <string.h>

#include "small.h"
#include "suite.h"

#define MESSAGES 300u

static rid box;
static u32 taken[8];
static u8 seen[MESSAGES];
static u32 sent;

static int
create(u32 kind, const char *name, word a1, word a2, word a3)
{
    return sys(OP_CREATE, KIND_ID(kind),
               name == NULL ? 0 : put_text(SCRATCH, name), a1, a2, a3);
}

static int
open(u32 kind, const char *name)
{
    return sys(OP_OPEN, KIND_ID(kind), put_text(SCRATCH, name), 0, 0, 0);
}

static void
box_program(const char *name)
{
    char text[1100];

    (void)name;
    EXPECT(create(KIND_MESSAGE, NULL, 0, 10, 0) == E_ARGUMENT);
    EXPECT(create(KIND_MESSAGE, NULL, 65, 10, 0) == E_ARGUMENT);
    EXPECT(create(KIND_MESSAGE, NULL, 1, 0, 0) == E_ARGUMENT);
    EXPECT(create(KIND_MESSAGE, NULL, 1, 1025, 0) == E_ARGUMENT);
    box = (rid)create(KIND_MESSAGE, "box", 64, 1024, 0);
    EXPECT(create(KIND_MESSAGE, "box", 1, 1, 0) == E_EXISTS);
    for (u32 round = 0; round < 3; round++) {
        for (u32 i = 0; i < 64; i++) {
            memset(text, (int)(i + round), sizeof(text));
            put_user(SCRATCH, text, 1024);
            EXPECT(sys(OP_WRITE, box, SCRATCH, 1024 - i, 0, 0) == 0);
        }
        for (u32 i = 0; i < 64; i++) {
            EXPECT(sys(OP_READ, box, SCRATCH, 1024, 0, 0) == (int)(1024 - i));
            get_user(text, SCRATCH, 1024 - i);
            for (u32 k = 0; k < 1024 - i; k++)
                EXPECT((u8)text[k] == i + round);
        }
    }
    EXPECT(sys(OP_WRITE, box, SCRATCH, 1025, 0, 0) == E_TOO_LONG);
    EXPECT(sys(OP_WRITE, box, 0x10, 1, 0, 0) == E_POINTER);
    EXPECT(sys(OP_WRITE, box, SCRATCH, 0, 0, 0) == 0);
    EXPECT(sys(OP_WRITE, box, SCRATCH, 9, 0, 0) == 0);
    EXPECT(sys(OP_READ, box, SCRATCH, 0, 0, 0) == 0);
    EXPECT(sys(OP_READ, box, SCRATCH, 8, 0, 0) == E_TOO_LONG);
    EXPECT(sys(OP_READ, box, 0xc0000000, 9, 0, 0) == E_POINTER);
    EXPECT(sys(OP_READ, box, SCRATCH, 9, 0, 0) == 9); // it was kept
    EXPECT(sys(OP_DELETE, box, 0, 0, 0, 0) == 0);
    small_end();
}

START_TEST(boxes)
{
    small.program = box_program;
    small_run("init");
}
END_TEST

static void
reader(u32 n)
{
    u32 number;

    EXPECT(open(KIND_MESSAGE, "box") == (int)box);
    for (;;) {
        int got = sys(OP_READ, box, SCRATCH, 4, 0, 0);

        if (got == E_ID)
            quit(0);
        EXPECT(got == 4);
        get_user(&number, SCRATCH, 4);
        EXPECT(number < MESSAGES && !seen[number]);
        seen[number] = 1;
        taken[n]++;
        if (rand() % 3 == 0)
            sleep_ms(10);
    }
}

static void
writer(void)
{
    EXPECT(open(KIND_MESSAGE, "box") == (int)box);
    while (sent < MESSAGES) {
        u32 number = sent++;

        put_user(SCRATCH, &number, 4);
        EXPECT(sys(OP_WRITE, box, SCRATCH, 4, 0, 0) == 0);
        if (rand() % 3 == 0)
            spin_ms(10);
    }
    quit(0);
}

static void
many_program(const char *name)
{
    rid child[4];

    if (is(name, "a") || is(name, "b"))
        reader((u32)(name[0] - 'a'));
    if (is(name, "c") || is(name, "d"))
        writer();
    for (u32 capacity = 1; capacity <= 3; capacity++) {
        box = (rid)create(KIND_MESSAGE, "box", capacity, 4, 0);
        sent = taken[0] = taken[1] = 0;
        memset(seen, 0, sizeof(seen));
        for (u32 i = 0; i < 4; i++)
            child[i] = (rid)spawn((char[]){(char)('a' + i), 0}, 0);
        EXPECT(wait_for(child[2]) == 0 && wait_for(child[3]) == 0);
        sleep_ms(500);
        EXPECT(taken[0] + taken[1] == MESSAGES);
        EXPECT(taken[0] > 0 && taken[1] > 0);
        sys(OP_DELETE, box, 0, 0, 0, 0);
        EXPECT(wait_for(child[0]) == 0 && wait_for(child[1]) == 0);
    }
    small_end();
}

// Do two writers and two readers share a small container, each message once?
START_TEST(many)
{
    small.program = many_program;
    small_run("init");
}
END_TEST

static void
dying_program(const char *name)
{
    u32 number;

    if (is(name, "a"))
        reader(0);
    if (is(name, "c"))
        writer();
    if (!is(name, "init"))
        return;
    // Kill readers and writers at odd moments: what was sent is received, but
    // for the one that a killed reader may have had in its hands.
    struct tally before = small_tally();

    for (u32 round = 0; round < 40; round++) {
        box = (rid)create(KIND_MESSAGE, "box", 1 + round % 3, 4, 0);
        sent = 0;
        taken[0] = 0;
        memset(seen, 0, sizeof(seen));
        rid r = (rid)spawn("a", 0);
        rid w = (rid)spawn("c", 0);

        sleep_ms(20 + (u32)rand() % 200);
        rid victim = round % 2 ? r : w;

        gate_control(&small.gate, victim, PROCESS_KILL, 1, 0, 0);
        EXPECT(wait_for(victim) == 1);
        sleep_ms(100);
        const struct message_entry *e = (void *)gate_entry(&small.gate, box);

        if (victim == w) {
            EXPECT(e->used == 0); // the reader took all
            number = sent;
            put_user(SCRATCH, &number, 4);
            EXPECT(sys(OP_WRITE, box, SCRATCH, 4, 0, 0) == 0);
            sleep_ms(50);
            EXPECT(seen[sent] && e->used == 0);
        } else {
            EXPECT(e->used == e->capacity || sent == MESSAGES);
        }
        EXPECT(sys(OP_DELETE, box, 0, 0, 0, 0) == 0);
        EXPECT(wait_for(victim == r ? w : r) >= 0 || 1);
        sleep_ms(50);
        struct tally after = small_tally();

        EXPECT(small_same(&before, &after));
    }
    small_end();
}

static void
dying(const char *name)
{
    // A writer that finds the container deleted ends, too.
    if (is(name, "c")) {
        EXPECT(open(KIND_MESSAGE, "box") == (int)box);
        while (sent < MESSAGES) {
            u32 number = sent++;

            put_user(SCRATCH, &number, 4);
            int err = sys(OP_WRITE, box, SCRATCH, 4, 0, 0);

            if (err == E_ID)
                quit(0);
            EXPECT(err == 0);
            if (rand() % 3 == 0)
                spin_ms(10);
        }
        quit(0);
    }
    dying_program(name);
}

START_TEST(death)
{
    small.program = dying;
    small_run("init");
}
END_TEST

static void
hand_program(const char *name)
{
    if (!is(name, "init")) {
        EXPECT(open(KIND_MESSAGE, "box") == (int)box);
        put_user(SCRATCH, name, 1);
        EXPECT(sys(OP_WRITE, box, SCRATCH, 1, 0, 0) == 0);
        quit(0);
    }
    box = (rid)create(KIND_MESSAGE, "box", 1, 4, 0);
    EXPECT(sys(OP_WRITE, box, SCRATCH, 1, 0, 0) == 0); // now it is full
    rid a = (rid)spawn("a", 0);

    sleep_ms(50);
    rid b = (rid)spawn("b", 0);

    sleep_ms(50);
    // a is woken, and killed before it runs: b must get the room.
    char to[4];
    struct call call = {RID_NONE, box, OP_READ, {(word)to, 4, 0, 0, 0}};

    EXPECT(gate_call(&small.gate, &call) == 1);
    gate_control(&small.gate, a, PROCESS_KILL, 1, 0, 0);
    EXPECT(wait_for(a) == 1);
    EXPECT(wait_for(b) == 0);
    EXPECT(gate_call(&small.gate, &call) == 1 && to[0] == 'b');
    small_end();
}

START_TEST(handed_on)
{
    small.program = hand_program;
    small_run("init");
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {boxes, many, death, handed_on, NULL};
    const struct suite suite = {.name = "message",
                                .open = small_open,
                                .close = small_close,
                                .test = test};

    return suite_run(&suite);
}
