// reading.c -- which words of memory a run reads before it has written them
//
// Instead of a record, if ctl.reading is set: two bits for each word, where else
// the events are.  A run is the same for all memories that are equal in the
// words that have the first bit.  Writing a part of a word counts as reading
// it; the processor's own writes are not taken as such.
#include "tests/cut/inside.h"

static void
mark(uint32_t word, bool covered)
{
    uint64_t bit = 1ull << word % 64;

    if (covered)
        ctl_written(in.ctl)[word / 64] |= bit;
    else if ((ctl_written(in.ctl)[word / 64] & bit) == 0)
        ctl_read(in.ctl)[word / 64] |= bit;
}

void
reading_access(uint32_t pa, uint32_t size, bool store)
{
    uint32_t end = pa + size;

    if (pa < in.ctl->trace_from || end > in.ctl->trace_to)
        return;
    for (uint32_t at = pa & ~3u; at < end; at += 4)
        mark(at / 4, store && at >= pa && at + 4 <= end);
}

// The processor took a page table's entry.
void
reading_entry(uint32_t pa)
{
    reading_access(pa, 4, false);
}

// An interrupt reads descriptors: what is read is not known then.
void
reading_interrupt(void)
{
    in.ctl->unseen++;
}
