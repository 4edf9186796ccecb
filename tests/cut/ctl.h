// ctl.h -- what the plugin inside QEMU and the host share
//
// One file, mapped by both: this header, then the records of the trace.  While
// the machine is held the host may change everything in here and in the
// machine's memory; else only what is marked "any time".
#ifndef CUT_CTL_H
#define CUT_CTL_H

#include <stdint.h>

#define CTL_MAGIC 0x31747563u
#define CTL_STOPS 32
#define CTL_PAGES 262144 // of 4 KiB: 1 GiB
#define CTL_WORDS (CTL_PAGES / 64)
#define CTL_HEADER_BYTES 0x20000

enum cut_kind {
    CUT_STORE = 1,
    CUT_MMU,       // the processor's page walk set accessed or dirty
    CUT_FRAME,     // the processor pushed a frame
    CUT_FLUSH,     // of a line, durable at the next fence
    CUT_FLUSH_NOW, // of a line, durable at once
    CUT_FLUSH_ALL, // wbinvd
    CUT_FENCE,
    CUT_CR3,
    CUT_OUTPUT,
    CUT_MARK, // a function with STOP_MARK came back
    CUT_KINDS
};

struct cut_event {
    uint8_t kind;
    uint8_t size; // bytes stored, 1 to 8; 0 for other kinds
    uint16_t flags;
    uint32_t pa; // first byte stored, or the line flushed
    uint64_t value;
    uint32_t eip; // 0: unknown (frames, output)
    uint32_t reserved;
};

// What happens when an address is reached.
enum stop_action {
    STOP_NOTHING,
    STOP_HOLD,
    STOP_SOFT, // hold only if hold_wanted
};

// Flags: begin the trace there, before it is held; also hold where this function
// returns, and end the trace there; end the trace there, before it is held; with
// STOP_RETURN: never held, but the return is an event of the trace.
#define STOP_TRACE 1u
#define STOP_RETURN 2u
#define STOP_END 4u
#define STOP_MARK 8u

struct ctl_stop {
    uint32_t va;
    uint32_t action;
    uint32_t flags;
    uint32_t skip; // so many times nothing happens; counted down
    uint64_t hits; // since the last reset
};

enum ctl_command { CTL_GO = 1, CTL_RESET };

#define CTL_RETURNED 0xffffu // held_at: a function returned

struct ctl {
    uint32_t magic;
    uint32_t instrumented; // 1: this machine can trace (fixed at start)
    uint32_t memory_bytes;
    uint32_t stops; // how many are used (fixed at start)
    struct ctl_stop stop[CTL_STOPS];

    // Held: held_count grew, held_at says where.  Go on: command, then
    // go_count + 1.  Both are futexes.
    uint32_t held_count;
    uint32_t held_at; // index of a stop, or CTL_RETURNED
    uint32_t go_count;
    uint32_t command;
    uint32_t hold_wanted;   // any time
    uint32_t slow_drive;    // a drive may keep the guest waiting
    uint32_t esp, eip, cr3; // of a held machine; exact at functions

    // The trace.
    uint32_t tracing;
    uint32_t reading; // no record is made, but notes of what is read
    uint32_t trace_from, trace_to; // physical
    uint32_t returns_to;           // code address, or 0
    uint32_t returns_esp;
    uint32_t returns_mark; // STOP_MARK
    uint64_t events;       // recorded
    uint64_t events_max;   // there is room for
    uint64_t cut_at;       // SIGKILL after so many; 0: never
    uint64_t unseen;       // bytes that changed unseen; must be 0
    uint64_t inexact;      // flushes whose address could not be known
    uint32_t unseen_pa;    // the first of them
    char fault[256];       // what this QEMU lacks, or what went wrong

    // Pages.  changed: the host has written them, for CTL_RESET.  dirty: the
    // machine has written them since the last reset.
    uint64_t changed[CTL_WORDS];
    uint64_t dirty[CTL_WORDS];
};

_Static_assert(sizeof(struct cut_event) == 24, "ctl.h");
_Static_assert(sizeof(struct ctl) <= CTL_HEADER_BYTES, "ctl.h");

static inline struct cut_event *
ctl_events(struct ctl *ctl)
{
    return (struct cut_event *)((char *)ctl + CTL_HEADER_BYTES);
}

// The same place, if it is reading: a bit for each word of memory that was read
// before it was written, and one if it was written.
static inline uint64_t *
ctl_read(struct ctl *ctl)
{
    return (uint64_t *)(void *)ctl_events(ctl);
}

static inline uint64_t *
ctl_written(struct ctl *ctl)
{
    return ctl_read(ctl) + ctl->memory_bytes / 4 / 64;
}

#endif
