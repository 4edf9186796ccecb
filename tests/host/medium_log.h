// medium_log.h -- what the files of the simulated drive share
//
//   medium.c         the drive: transfers, flushes, errors
//   medium_record.c  what it was told, in its order
//   medium_cut.c     what it may hold after a power cut
#ifndef HOST_MEDIUM_LOG_H
#define HOST_MEDIUM_LOG_H

#include "medium.h"

#define MEDIUM_FLUSHED 0xffffffffu // instead of a sector
#define MEDIUM_NOTED 0xfffffffeu   // the same; new: what
#define MEDIUM_LEVELS 2u

struct medium_event {
    u32 sector;
    u32 old; // numbers of contents (sectors.h)
    u32 new;
    u32 request;
};

struct medium_log {
    struct medium_event *event;
    u32 events;
    u32 capacity;
};

struct medium_level {
    u32 *durable; // when its log begins
    struct medium_log log;
    u32 begin; // events before it were pending when recording began
    u32 kept;  // contents to be kept for it
};

struct medium_state {
    u32 sectors;
    u32 *now;                  // the number of each sector's contents
    struct medium_log pending; // since the last flush, if nothing is recorded
    struct medium_level level[MEDIUM_LEVELS];
    u32 levels;
    int recording;
    u32 recordings; // begun and forgotten
    u32 request;    // number of the last one
    u32 next;       // the sector behind it
    u32 *stamp;     // == watch: written, or read, in this run
    u32 watch;
    void (*seen)(u32 sector, u32 number);
    u32 unwanted; // physical address
    struct medium_fault fault;
};

extern struct medium_state medium_state;

// Where events go now.
struct medium_log *medium_log_now(void);
void medium_log_add(struct medium_log *log, struct medium_event event);

// The recording that cuts are made of; a test that made none ends.
struct medium_level *medium_level(void);

// The first cut ends a recording: what follows are runs on its images.
void medium_record_end(void);

static inline int
medium_is_write(const struct medium_event *event)
{
    return event->sector < MEDIUM_NOTED;
}

#endif
