// bad_attempts.c -- calls that would be right but for something
#include "bad_call.h"

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
        bad_call(bad, attempt->op, attempt->target, arg);
    }
    if (attempt->badness[i] == BAD_OUT) { // may be read, but not written
        arg[i] = (word)program_code;
        bad_call(bad, attempt->op, attempt->target, arg);
    }
}

void
bad_arguments(struct badcalls *bad)
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

void
bad_wholes(struct badcalls *bad)
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
        bad_call(bad, attempts[a].op, attempts[a].target, attempts[a].arg);
}
