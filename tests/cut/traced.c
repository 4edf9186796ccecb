// traced.c -- the records of the trace, and the shadow that proves them whole
//
// The shadow holds memory as it was when the trace began, plus all records.
#include "tests/cut/inside.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint8_t *shadow; // of all memory; only the traced part is kept

void
trace_begin(void)
{
    struct ctl *ctl = in.ctl;

    ctl->events = 0;
    ctl->unseen = 0;
    ctl->inexact = 0;
    ctl->tracing = 1;
    if (ctl->reading)
        return;
    if (shadow == NULL)
        shadow = mmap(NULL, ctl->memory_bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (shadow == MAP_FAILED)
        give_up("no memory for the shadow");
    memcpy(shadow + ctl->trace_from, in.ram + ctl->trace_from,
           ctl->trace_to - ctl->trace_from);
}

void
trace_end(void)
{
    struct ctl *ctl = in.ctl;
    uint32_t at;

    ctl->tracing = 0;
    if (ctl->reading)
        return;
    for (at = ctl->trace_from; at < ctl->trace_to; at += 4096) {
        if (memcmp(shadow + at, in.ram + at, 4096) == 0)
            continue;
        for (uint32_t i = at; i < at + 4096; i++)
            if (shadow[i] != in.ram[i] && ctl->unseen++ == 0)
                ctl->unseen_pa = i;
    }
}

static struct cut_event *
next(enum cut_kind kind, uint32_t pa, uint64_t value, uint32_t eip)
{
    struct ctl *ctl = in.ctl;
    struct cut_event *e = &ctl_events(ctl)[ctl->events];

    if (ctl->events >= ctl->events_max)
        give_up("the trace is full");
    *e = (struct cut_event){
        .kind = (uint8_t)kind, .pa = pa, .value = value, .eip = eip};
    return e;
}

// The event is whole: this is where the power may be cut.
static void
done(void)
{
    if (++in.ctl->events == in.ctl->cut_at)
        kill(getpid(), SIGKILL);
}

void
trace_note(enum cut_kind kind, uint32_t pa, uint64_t value, uint32_t eip)
{
    next(kind, pa, value, eip);
    done();
}

static bool
is_traced(uint32_t pa)
{
    return pa >= in.ctl->trace_from && pa < in.ctl->trace_to;
}

void
trace_store(enum cut_kind kind, uint32_t pa, uint32_t size, uint32_t eip)
{
    if (!is_traced(pa))
        return;
    struct cut_event *e = next(kind, pa, 0, eip);

    e->size = (uint8_t)size;
    memcpy(&e->value, in.ram + pa, size);
    memcpy(shadow + pa, in.ram + pa, size);
    done();
}

void
trace_split(uint32_t pa, uint32_t size, uint32_t then_pa, uint32_t then_size,
            uint32_t eip)
{
    if (in.ctl->events + 1 == in.ctl->cut_at && is_traced(pa) &&
        is_traced(then_pa))
        memcpy(in.ram + then_pa, shadow + then_pa, then_size);
    trace_store(CUT_STORE, pa, size, eip);
    trace_store(CUT_STORE, then_pa, then_size, eip);
}

void
trace_changed(enum cut_kind kind, uint32_t pa)
{
    if (is_traced(pa) && memcmp(shadow + pa, in.ram + pa, 4) != 0)
        trace_store(kind, pa, 4, 0);
}

uint64_t
physical(uint32_t va)
{
    uint64_t page = cpu_get_phys_page_debug(current_cpu, va & ~4095u);

    return page == UINT64_MAX ? page : page + (va & 4095);
}

// All words are there already.  If the power is to be cut between them, take
// those back that come later.
static void
take_back(const uint64_t *pa, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++)
        if (pa[i] < in.ctl->memory_bytes && is_traced((uint32_t)pa[i]))
            memcpy(in.ram + pa[i], shadow + pa[i], 4);
}

void
trace_frame(uint32_t esp, uint32_t words)
{
    uint64_t pa[8];
    uint32_t i;

    for (i = 0; i < words; i++)
        pa[i] = physical(esp + 4 * i);
    for (i = words; i-- > 0;) {
        if (in.ctl->events + 1 == in.ctl->cut_at)
            take_back(pa, i);
        if (pa[i] < in.ctl->trace_to)
            trace_store(CUT_FRAME, (uint32_t)pa[i], 4, 0);
    }
}
