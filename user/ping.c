// ping.c -- numbered messages to another process and back
//
//   ping [N]                N round trips (without N: for ever)
//   ping receiver NAME      the other side; ping starts it itself
//
// Both sides insist that numbers grow by exactly one.  NAME/there and
// NAME/back are the two message containers; number 0 ends the receiver.
#include "tender.h"

#define CONTAINER_MESSAGES 8u
#define BURST 16u    // round trips between two pauses of 1 ms
#define REPORT 1000u // round trips between two lines, at least
#define REPORT_US 1000000u

struct letter {
    u32 number;
    u32 complement;
    u32 filler[14];
};

struct side {
    const char *title; // who complains
    rid there;
    rid back;
};

static void
write_letter(struct letter *letter, u32 number)
{
    letter->number = number;
    letter->complement = ~number;
    for (u32 i = 0; i < ARRAY_LEN(letter->filler); i++)
        letter->filler[i] = mix(number, i);
}

static int
letter_whole(const struct letter *letter)
{
    if (letter->complement != ~letter->number)
        return 0;
    for (u32 i = 0; i < ARRAY_LEN(letter->filler); i++)
        if (letter->filler[i] != mix(letter->number, i))
            return 0;
    return 1;
}

static int
send(const struct side *side, rid container, u32 number)
{
    struct letter letter;
    int err;

    write_letter(&letter, number);
    err = message_send(container, &letter, sizeof(letter));
    if (err < 0)
        print("%s: message %u could not be sent: %s.\n", side->title, number,
              error_sentence(err));
    return err;
}

// Receive the message that must come now; 0 may come instead of it.
// Returns its number, or an error after saying what is wrong.
static int
receive(const struct side *side, rid container, u32 expected)
{
    struct letter letter;
    int length = message_receive(container, &letter, sizeof(letter));

    if (length < 0) {
        print("%s: message %u did not come: %s.\n", side->title, expected,
              error_sentence(length));
        return length;
    }
    if (length != (int)sizeof(letter) || !letter_whole(&letter)) {
        print("%s: WRONG contents of message %u.\n", side->title, expected);
        return E_DAMAGED;
    }
    if (letter.number == expected || letter.number == 0)
        return (int)letter.number;
    print("%s: %s message: expected %u, got %u.\n", side->title,
          letter.number < expected ? "DOUBLED" : "LOST", expected,
          letter.number);
    return E_DAMAGED;
}

static void
container_name(char name[NAME_MAX], const char *base, const char *end)
{
    text_format(name, NAME_MAX, "%s/%s", base, end);
}

static int
receiver(const char *base)
{
    char there[NAME_MAX], back[NAME_MAX];
    struct side side = {"ping receiver", 0, 0};
    int id;

    container_name(there, base, "there");
    container_name(back, base, "back");
    if ((id = resource_open(KIND_MESSAGE, there)) >= 0) {
        side.there = (rid)id;
        id = resource_open(KIND_MESSAGE, back);
        side.back = (rid)id;
    }
    if (id < 0) {
        print("ping receiver: no containers called %s: %s.\n", base,
              error_sentence(id));
        return 1;
    }
    for (u32 expected = 1;; expected++) {
        int number = receive(&side, side.there, expected);

        if (number <= 0)
            return number < 0;
        if (send(&side, side.back, (u32)number) < 0)
            return 1;
    }
}

static int
exchange(const struct side *side, u32 limit)
{
    u64 reported_us = uptime_us();

    for (u32 number = 1; limit == 0 || number <= limit; number++) {
        if (send(side, side->there, number) < 0 ||
            receive(side, side->back, number) != (int)number)
            return 1;
        if (number % BURST == 0)
            sleep_ms(1);
        if (number % REPORT == 0 && uptime_us() - reported_us >= REPORT_US) {
            print("ping: %u messages\n", number);
            reported_us = uptime_us();
        }
    }
    print("ping: %u messages there and back, all well.\n", limit);
    return send(side, side->there, 0) < 0;
}

static int
start(const char *self, const char *base, struct side *side)
{
    char there[NAME_MAX], back[NAME_MAX];
    const char *const argv[] = {self, "receiver", base, NULL};
    int id;

    container_name(there, base, "there");
    container_name(back, base, "back");
    id = message_create(there, CONTAINER_MESSAGES, sizeof(struct letter));
    if (id < 0)
        return id;
    side->there = (rid)id;
    id = message_create(back, CONTAINER_MESSAGES, sizeof(struct letter));
    if (id < 0)
        return id;
    side->back = (rid)id;
    return process_run("/bin/ping", argv, 0);
}

int
main(int argc, char **argv)
{
    char base[NAME_MAX];
    struct side side = {"ping", 0, 0};
    u32 limit;
    int child;
    int code;

    if (argc == 3 && text_equal(argv[1], "receiver"))
        return receiver(argv[2]);
    limit = argument(argc, argv, 1, 0, 0);
    text_format(base, sizeof(base), "ping/%x", process_self());
    child = start(argv[0], base, &side);
    if (child < 0) {
        print("ping: it cannot begin: %s.\n", error_sentence(child));
        return 1;
    }
    if (exchange(&side, limit) != 0) {
        process_kill((rid)child);
        return 1;
    }
    code = process_wait((rid)child);
    if (code != 0)
        print("ping: the receiver ended with exit code %d.\n", code);
    return code != 0;
}
