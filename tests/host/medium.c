// medium.c -- a simulated drive with a volatile write cache: what it does
#define _GNU_SOURCE
#include "medium.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "bytes.h"
#include "fake.h"
#include "medium_log.h"
#include "sectors.h"
#include "tender/error.h"
#include "trace.h"

// Nothing here may call memcpy() or memset(): they are traced.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

struct medium_state medium_state;
struct medium_figures medium_figures;

// --- the log ---

struct medium_log *
medium_log_now(void)
{
    struct medium_state *m = &medium_state;

    return m->recording ? &m->level[m->levels - 1].log : &m->pending;
}

void
medium_log_add(struct medium_log *log, struct medium_event event)
{
    if (log->events == log->capacity) {
        log->capacity = log->capacity * 2 + 1024;
        log->event = realloc(log->event, log->capacity * sizeof(event));
        if (log->event == NULL)
            fake_fail("the host has no room for %u writes", log->capacity);
    }
    log->event[log->events++] = event;
}

static void
put(u32 sector, u32 number)
{
    struct medium_state *m = &medium_state;
    struct medium_event event = {sector, m->now[sector], number, m->request};

    medium_log_add(medium_log_now(), event);
    m->now[sector] = number;
    m->stamp[sector] = m->watch;
}

static u32
get(u32 sector)
{
    struct medium_state *m = &medium_state;

    if (m->seen != NULL && m->stamp[sector] != m->watch) {
        m->stamp[sector] = m->watch;
        m->seen(sector, m->now[sector]);
    }
    return m->now[sector];
}

// --- errors ---

static int
touches(const struct medium_fault *fault, u32 sector, u32 sectors)
{
    return fault->sectors == 0 || (sector < fault->sector + fault->sectors &&
                                   fault->sector < sector + sectors);
}

// Whether this request is one that fails.
static int
fails(u32 what, u32 sector, u32 sectors)
{
    struct medium_fault *fault = &medium_state.fault;

    if ((fault->what & what) == 0 || !touches(fault, sector, sectors))
        return 0;
    if (fault->after > 0) {
        fault->after--;
        return 0;
    }
    if (fault->times == 0)
        return 0;
    if (fault->times != MEDIUM_ALL)
        fault->times--;
    medium_figures.errors++;
    return 1;
}

// Of what is pending only a part arrives, from the first on.
static void
lose_pending(u32 part)
{
    struct medium_log *log = medium_log_now();
    u32 first = log->events;
    u32 keep;

    while (first > 0 && log->event[first - 1].sector != MEDIUM_FLUSHED)
        first--;
    for (keep = first; keep < log->events && part > 0; keep++)
        part -= (u32)medium_is_write(&log->event[keep]);
    for (u32 i = log->events; i-- > keep;)
        if (medium_is_write(&log->event[i]))
            put(log->event[i].sector, log->event[i].old);
}

void
medium_fail(struct medium_fault fault)
{
    medium_state.fault = fault;
}

// --- the door ---

static u32
count_sectors(const struct block_piece *piece, u32 pieces)
{
    u32 sectors = 0;

    if (pieces == 0 || pieces > BLOCK_PIECES_MAX)
        fake_fail("a transfer of %u pieces", pieces);
    for (u32 i = 0; i < pieces; i++) {
        u32 pa = piece[i].pa;
        u32 bytes = piece[i].bytes;

        if (bytes == 0 || bytes % SECTOR_BYTES != 0 || pa % 4 != 0 ||
            pa % PAGE_SIZE + bytes > PAGE_SIZE)
            fake_fail("a transfer with a piece of %u bytes at 0x%08x", bytes,
                      pa);
        if (pa < NV_ROOT_PA || pa / PAGE_SIZE >= fake.end_frame)
            fake_fail("a transfer with 0x%08x, which is no memory", pa);
        sectors += bytes / SECTOR_BYTES;
    }
    return sectors;
}

static void
write_piece(const struct block_piece *piece, u32 sector, u32 sectors)
{
    trace_load(piece->pa, sectors * SECTOR_BYTES);
    for (u32 i = 0; i < sectors; i++)
        put(sector + i,
            sectors_number((u8 *)trace.memory + piece->pa + i * SECTOR_BYTES));
}

static void
read_piece(const struct block_piece *piece, u32 sector, u32 sectors)
{
    struct medium_state *m = &medium_state;
    int wanted = piece->pa != m->unwanted || piece->bytes != PAGE_SIZE;

    trace_store(piece->pa, sectors * SECTOR_BYTES, 0);
    for (u32 i = 0; i < sectors; i++) {
        u32 number = wanted ? get(sector + i) : m->now[sector + i];

        bytes_copy((u8 *)trace.memory + piece->pa + i * SECTOR_BYTES,
                   sectors_contents(number), SECTOR_BYTES);
    }
    trace_settle();
}

static void
count_transfer(int write, u32 sector, u32 sectors)
{
    struct medium_state *m = &medium_state;

    medium_figures.seeks += sector != m->next;
    medium_figures.reads += !write;
    medium_figures.writes += write != 0;
    m->next = sector + sectors;
    m->request++;
}

static int
transfer(void *state, int write, u32 sector, const struct block_piece *piece,
         u32 pieces)
{
    struct medium_state *m = state;
    u32 sectors = count_sectors(piece, pieces);
    int bad;
    u32 left;

    trace_settle();
    if (sector >= m->sectors || sectors > m->sectors - sector)
        fake_fail("a transfer of sectors %u+%u, but the drive has %u", sector,
                  sectors, m->sectors);
    count_transfer(write, sector, sectors);
    bad = fails(write ? MEDIUM_WRITE : MEDIUM_READ, sector, sectors);
    left = bad ? MIN(m->fault.part, sectors) : sectors;
    *(write ? &medium_figures.sectors_written : &medium_figures.sectors_read) +=
        left;
    for (; left > 0; piece++) {
        u32 part = MIN(left, piece->bytes / SECTOR_BYTES);

        if (write)
            write_piece(piece, sector, part);
        else
            read_piece(piece, sector, part);
        sector += part;
        left -= part;
    }
    return bad ? E_DISK : 0;
}

static int
flush(void *state)
{
    struct medium_state *m = state;
    struct medium_event event = {MEDIUM_FLUSHED, 0, 0, ++m->request};

    trace_settle();
    medium_figures.flushes++;
    if (fails(MEDIUM_FLUSH, 0, 0)) {
        if (m->fault.loses)
            lose_pending(m->fault.part);
        return E_DISK;
    }
    if (m->recording)
        medium_log_add(medium_log_now(), event);
    else
        m->pending.events = 0;
    return 0;
}

static struct block_device device = {.name = "medium",
                                     .state = &medium_state,
                                     .transfer = transfer,
                                     .flush = flush};

struct block_device *
medium_device(void)
{
    return &device;
}

// --- contents ---

static u32 *
new_map(void)
{
    u32 *map =
        mmap(NULL, MEDIUM_SECTORS_MAX * sizeof(u32), PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (map == MAP_FAILED)
        fake_fail("the host has no room for a drive");
    return map;
}

void
medium_reset(u32 sectors)
{
    struct medium_state *m = &medium_state;
    struct medium_figures none = {0};

    if (sectors == 0 || sectors > MEDIUM_SECTORS_MAX)
        fake_fail("a drive of %u sectors", sectors);
    sectors_open();
    if (m->now == NULL) {
        m->now = new_map();
        m->stamp = new_map();
        for (u32 i = 0; i < MEDIUM_LEVELS; i++)
            m->level[i].durable = new_map();
    }
    bytes_fill(m->now, 0, MEDIUM_SECTORS_MAX * sizeof(u32));
    m->sectors = sectors;
    m->pending.events = 0;
    m->levels = 0;
    m->recordings++;
    m->recording = 0;
    m->request = 0;
    m->next = 0;
    m->watch++;
    m->seen = NULL;
    m->unwanted = 0;
    m->fault.what = 0;
    medium_figures = none;
    device.sectors = sectors;
}

u32
medium_number(u32 sector)
{
    if (sector >= medium_state.sectors)
        fake_fail("a test uses sector %u", sector);
    return medium_state.now[sector];
}

void
medium_peek(u32 sector, void *to)
{
    bytes_copy(to, sectors_contents(medium_number(sector)), SECTOR_BYTES);
}

void
medium_poke(u32 sector, const void *from)
{
    if (medium_state.recording)
        fake_fail("a test changes sector %u while it records", sector);
    medium_number(sector);
    medium_state.pending.events = 0;
    medium_state.now[sector] = sectors_number(from);
    if (medium_state.levels != 0)
        medium_level()->kept = sectors_count();
}

void *
medium_save(void)
{
    u32 *saved = new_map();

    if (medium_state.levels != 0)
        fake_fail("a test saves the drive while it keeps a recording");
    bytes_copy(saved, medium_state.now, medium_state.sectors * sizeof(u32));
    return saved;
}

void
medium_load(const void *saved)
{
    if (medium_state.levels != 0)
        fake_fail("a test loads the drive while it keeps a recording");
    medium_state.pending.events = 0;
    medium_state.watch++;
    bytes_copy(medium_state.now, saved, medium_state.sectors * sizeof(u32));
}

void
medium_save_free(void *saved)
{
    munmap(saved, MEDIUM_SECTORS_MAX * sizeof(u32));
}

void
medium_watch(void (*seen)(u32 sector, u32 number))
{
    medium_state.seen = seen;
    medium_state.watch++;
}

void
medium_unwanted(u32 pa)
{
    medium_state.unwanted = pa;
}
