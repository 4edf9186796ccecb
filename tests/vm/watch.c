// watch.c -- read along with a console: do the programs go on from the save?
#include "watch.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcript.h"

#define CONTINUES "tender: shut down; the next boot continues from here"

struct watch *
watch_new(struct vm *vm)
{
    struct watch *watch = calloc(1, sizeof(*watch));

    if (watch == NULL)
        abort();
    watch->vm = vm;
    watch->low = watch->high = 1;
    watch->acked_low = 1;
    return watch;
}

struct watch *
watch_copy(const struct watch *from, struct vm *vm)
{
    struct watch *watch = watch_new(vm);

    *watch = *from;
    watch->vm = vm;
    watch->seen = 0;
    return watch;
}

struct watch *
watch_begin(struct watch *old)
{
    struct watch *watch = watch_new(old->vm);

    watch->seen = vm_boot_start(old->vm);
    watch->saves = old->saves;
    free(old);
    return watch;
}

__attribute__((format(printf, 2, 3))) static void
wrong(struct watch *watch, const char *format, ...)
{
    va_list args;

    if (watch->wrong[0] != 0)
        return;
    va_start(args, format);
    vsnprintf(watch->wrong, sizeof(watch->wrong), format, args);
    va_end(args);
}

static void
read_counter(struct watch *watch, long number)
{
    if (number < watch->low || number > watch->high)
        wrong(watch, "%s: counter went on with %ld instead of %ld to %ld.",
              watch->spoke ? "W1" : "W2", number, watch->low, watch->high);
    watch->spoke = true;
    watch->low = watch->high = number + 1;
}

static void
read_life(struct watch *watch, unsigned generation, const char *sum)
{
    if (generation >= WATCH_SUMS)
        return;
    if (watch->sum[generation][0] == 0)
        snprintf(watch->sum[generation], 9, "%s", sum);
    else if (strcmp(watch->sum[generation], sum) != 0)
        wrong(watch, "W4: generation %u of life has sum %s, and had %s before.",
              generation, sum, watch->sum[generation]);
}

static void
read_ping(struct watch *watch, long messages)
{
    if (messages <= watch->pings)
        wrong(watch, "W5: ping said %ld after %ld.", messages, watch->pings);
    watch->pings = messages;
}

static void
read_saved(struct watch *watch, unsigned number)
{
    if (number <= watch->acked)
        wrong(watch, "W3: save %u was acknowledged after save %u.", number,
              watch->acked);
    watch->save[number % WATCH_SAVES] =
        (struct watch_save){number, watch->low, watch->high};
    watch->acked_low = watch->low;
    watch->acked = number;
    watch->saves++;
}

static bool
was_cut(const char *line, size_t length)
{
    size_t end = strlen(CUT_LINE);

    return length >= end && strcmp(line + length - end, CUT_LINE) == 0;
}

// A line, ended by 0.  What a program says may stand behind a prompt, and the
// shell's echo behind that.
static void
read_line(struct watch *watch, const char *line)
{
    const char *p;
    unsigned n;
    char sum[9];

    if ((p = strstr(line, "counter: ")) != NULL &&
        sscanf(p, "counter: %u", &n) == 1)
        read_counter(watch, n);
    if ((p = strstr(line, "life: generation ")) != NULL &&
        sscanf(p, "life: generation %u sum %8[0-9a-f]", &n, sum) == 2)
        read_life(watch, n, sum);
    if ((p = strstr(line, "ping: ")) != NULL &&
        sscanf(p, "ping: %u messages", &n) == 1)
        read_ping(watch, n);
    if ((p = strstr(line, "tender: saved ")) != NULL &&
        sscanf(p, "tender: saved %u:", &n) == 1)
        read_saved(watch, n);
    // A shutdown that ends in a save promises as much as a save.
    if (sscanf(line, "tender: shut down; the next boot restores save %u", &n) ==
        1)
        read_saved(watch, n);
    if (strncmp(line, CONTINUES, strlen(CONTINUES)) == 0)
        watch->stopped = true;
    if (vm_text_is_bad(line))
        wrong(watch, "W6: the console shows: %s", line);
}

static void
read_up_to(struct watch *watch, size_t limit)
{
    const char *text = vm_text(watch->vm);
    const char *end;

    while (watch->seen < limit &&
           (end = strchr(text + watch->seen, '\n')) != NULL) {
        size_t length = (size_t)(end - text) - watch->seen;
        char *line = strndup(text + watch->seen, length);

        if (!was_cut(line, length))
            read_line(watch, line);
        free(line);
        watch->seen += length + 1;
    }
}

const char *
watch_read(struct watch *watch)
{
    read_up_to(watch, vm_length(watch->vm));
    return watch->wrong[0] != 0 ? watch->wrong : NULL;
}

// What counter must go on with after save N.
static void
expect_save(struct watch *watch, unsigned number)
{
    const struct watch_save *save = &watch->save[number % WATCH_SAVES];

    if (save->number == number) {
        watch->low = save->low;
        watch->high = save->high;
    } else {
        // Committed, and cut before it was acknowledged.
        watch->low = watch->acked_low;
    }
    // Later saves never were: their numbers come again.
    for (int i = 0; i < WATCH_SAVES; i++)
        if (watch->save[i].number > number)
            watch->save[i].number = 0;
    watch->acked = number;
    watch->acked_low = watch->low;
}

const char *
watch_boot(struct watch *watch, const struct vm_boot *boot)
{
    read_up_to(watch, vm_boot_start(watch->vm));
    if (boot->outcome == VM_RESTORED) {
        if (watch->stopped)
            wrong(watch, "W3: a shutdown was acknowledged, but: %s",
                  boot->line);
        if (boot->save < watch->acked)
            wrong(watch, "W3: save %u was acknowledged, but: %s", watch->acked,
                  boot->line);
        expect_save(watch, boot->save);
    } else if (boot->outcome != VM_CONTINUED) {
        wrong(watch, "W3: there is a state to go on with, but: %s", boot->line);
    }
    watch->spoke = watch->stopped = false;
    watch->pings = 0;
    return watch_read(watch);
}

const char *
watch_partial_boot(struct watch *watch)
{
    struct vm_boot boot;

    if (vm_decided(watch->vm, &boot))
        return watch_boot(watch, &boot);
    watch->seen = vm_length(watch->vm);
    return NULL;
}

const char *
watch_wait(struct watch *watch, const char *pattern)
{
    vm_expect(watch->vm, pattern);
    return watch_read(watch);
}

void
watch_run(struct watch *watch, double ms)
{
    vm_run(watch->vm, ms);
    watch_read(watch);
}

const char *
watch_count(struct watch *watch, int numbers)
{
    for (int i = 0; i < numbers; i++)
        vm_expect(watch->vm, "counter: [0-9]+\n");
    return watch_read(watch);
}
