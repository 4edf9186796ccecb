// drive.c -- an nbdkit plugin: a file that takes as long as a 5400 rpm drive
//
//     nbdkit -U SOCKET build/tools/drive.so file=FILE [model=drive|none]
//
// The drive is the one of paper 002, a TOSHIBA MQ01ABF050.  FILE is its outer
// edge, the first bytes of its 500 GB.  Only times are modelled: what is
// written is in FILE at once, so nothing can be lost here.
//
// Where the model has a choice it is kind to whoever uses the drive:
//   - A request that begins where the one before ended costs its transfer
//     only, however late it comes.  A gap ahead is passed over or sought,
//     whichever is sooner; passing over needs no new rotation.
//   - After a read the drive reads on into its buffer while nobody asks.
//   - A write is answered as soon as it is in the cache.  The drive begins
//     to write it at once, takes what is waiting in ascending order, and what
//     adjoins costs its transfer only.  A full cache holds the next write up.
//   - Everything else is a seek, by distance, and the wait for the sector to
//     come round: the platter's angle is that of the clock.
// A flush waits until the cache is on the medium.
#define NBDKIT_API_VERSION 2
#include <nbdkit-plugin.h>

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define THREAD_MODEL NBDKIT_THREAD_MODEL_SERIALIZE_ALL_REQUESTS

// Data sheet: 5400 rpm, average seek 12 ms, track to track 2 ms, 8 MiB buffer,
// 500 GB; the transfer rate is that of the outer tracks.
#define ROTATION_S (60.0 / 5400)
#define RATE 105e6 // bytes a second, medium
#define DRIVE_BYTES 500107862016.0
#define SEEK_MIN_S 0.002
// A seek takes SEEK_MIN_S + SEEK_ROOT_S * sqrt(part of the whole stroke).  The
// mean of the root over all pairs of places is 8/15; 12 ms follow.
#define SEEK_ROOT_S ((0.012 - SEEK_MIN_S) * 15 / 8)
#define BUFFER_BYTES (8 << 20)
#define WAITING_MAX 4096   // writes in the cache
#define INTERFACE 500e6    // bytes a second, SATA
#define COMMAND_S 0.0001   // for a request, whatever it asks
#define PIECE_BYTES 262144 // of a write, as it enters the cache
#define TRACK_BYTES (RATE * ROTATION_S)

struct waiting {
    double at; // where on the drive
    double bytes;
    double arrived; // when
};

static const char *path;
static int fd = -1;
static bool modelled = true;

static double head;    // where the last transfer ended
static double free_at; // when it ended, or will
static bool reading;   // it was a read
static struct waiting waiting[WAITING_MAX];
static size_t waitings;
static double cached; // bytes of all of them

// --- the clock

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
sleep_until(double when)
{
    struct timespec t;

    prctl(PR_SET_TIMERSLACK, 1000);
    t.tv_sec = (time_t)when;
    t.tv_nsec = (long)((when - (double)t.tv_sec) * 1e9);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
        continue;
}

// --- the mechanics

static double
seek(double distance)
{
    if (fabs(distance) < TRACK_BYTES)
        return 0;
    return SEEK_MIN_S + SEEK_ROOT_S * sqrt(fabs(distance) / DRIVE_BYTES);
}

// Until the sector at this place comes round.
static double
rotate(double when, double place)
{
    double turns = place / TRACK_BYTES - when / ROTATION_S;

    return (turns - floor(turns)) * ROTATION_S;
}

// Move the head and transfer.  The head can go on from where it is at
// `stream`, which may be in the past, or seek from `start`.
static void
transfer(double stream, double start, double at, double bytes)
{
    double there = start + seek(at - head);

    there += rotate(there, at);
    if (at >= head)
        there = fmin(there, stream + (at - head) / RATE);
    head = at + bytes;
    free_at = there + bytes / RATE;
}

// --- the write cache

// The next write in ascending order of those that are there when the head is
// free; after the last of them, the first.
static size_t
choose(void)
{
    double when = INFINITY;
    size_t ahead = WAITING_MAX, first = WAITING_MAX;

    for (size_t i = 0; i < waitings; i++)
        when = fmin(when, waiting[i].arrived);
    when = fmax(when, free_at);
    for (size_t i = 0; i < waitings; i++) {
        const struct waiting *w = &waiting[i];

        if (w->arrived > when)
            continue;
        if (first == WAITING_MAX || w->at < waiting[first].at)
            first = i;
        if (w->at >= head &&
            (ahead == WAITING_MAX || w->at < waiting[ahead].at))
            ahead = i;
    }
    return ahead == WAITING_MAX ? first : ahead;
}

static void
write_one(void)
{
    size_t chosen = choose();
    struct waiting w = waiting[chosen];
    double start = fmax(free_at, w.arrived);

    waiting[chosen] = waiting[--waitings];
    cached -= w.bytes;
    transfer(start, start, w.at, w.bytes);
    reading = false;
}

// What the drive has done by itself until now.
static void
catch_up(double until)
{
    while (waitings > 0 && free_at < until)
        write_one();
}

// Returns when the piece is in the cache.
static double
enter(double when, double at, double bytes)
{
    catch_up(when);
    while (waitings == WAITING_MAX || cached + bytes > BUFFER_BYTES) {
        write_one();
        when = fmax(when, free_at);
    }
    waiting[waitings++] =
        (struct waiting){.at = at, .bytes = bytes, .arrived = when};
    cached += bytes;
    return when;
}

// --- what each request takes

// Counted from when it arrived: what the host needs for the file meanwhile is
// part of it.

static void
take_read(double arrived, double at, double bytes)
{
    double start = arrived + COMMAND_S, ahead;

    catch_up(start);
    ahead = reading ? fmax(free_at, start - BUFFER_BYTES / RATE)
                    : fmax(free_at, start);
    transfer(ahead, fmax(free_at, start), at, bytes);
    reading = true;
    sleep_until(fmax(free_at, start + bytes / INTERFACE));
}

static void
take_write(double arrived, double at, double bytes)
{
    double when = arrived + COMMAND_S;

    while (bytes > 0) {
        double piece = fmin(bytes, PIECE_BYTES);

        when = enter(when + piece / INTERFACE, at, piece);
        at += piece;
        bytes -= piece;
    }
    sleep_until(when);
}

static void
take_flush(void)
{
    double start = now() + COMMAND_S;

    catch_up(INFINITY);
    sleep_until(fmax(free_at, start));
}

// --- what nbdkit asks for

static int
drive_config(const char *key, const char *value)
{
    if (strcmp(key, "file") == 0) {
        path = nbdkit_realpath(value);
        return path == NULL ? -1 : 0;
    }
    if (strcmp(key, "model") == 0 &&
        (strcmp(value, "drive") == 0 || strcmp(value, "none") == 0)) {
        modelled = value[0] == 'd';
        return 0;
    }
    nbdkit_error("%s=%s is not known: file=FILE, model=drive or model=none",
                 key, value);
    return -1;
}

static int
drive_config_complete(void)
{
    if (path != NULL)
        return 0;
    nbdkit_error("file=FILE is missing");
    return -1;
}

static int
drive_get_ready(void)
{
    fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        nbdkit_error("%s: %s", path, strerror(errno));
    return fd < 0 ? -1 : 0;
}

static void *
drive_open(int readonly __attribute__((unused)))
{
    return NBDKIT_HANDLE_NOT_NEEDED;
}

static int64_t
drive_get_size(void *handle __attribute__((unused)))
{
    struct stat st;

    return fstat(fd, &st) < 0 ? -1 : (int64_t)st.st_size;
}

static int
drive_pread(void *handle, void *bytes, uint32_t count, uint64_t offset,
            uint32_t flags)
{
    double arrived = now();

    (void)handle;
    (void)flags;
    for (uint32_t done = 0; done < count;) {
        ssize_t got = pread(fd, (char *)bytes + done, count - done,
                            (off_t)(offset + done));

        if (got <= 0) {
            nbdkit_error("%s: %s", path, strerror(errno));
            return -1;
        }
        done += (uint32_t)got;
    }
    if (modelled)
        take_read(arrived, (double)offset, count);
    return 0;
}

static int
drive_pwrite(void *handle, const void *bytes, uint32_t count, uint64_t offset,
             uint32_t flags)
{
    double arrived = now();

    (void)handle;
    (void)flags;
    for (uint32_t done = 0; done < count;) {
        ssize_t put = pwrite(fd, (const char *)bytes + done, count - done,
                             (off_t)(offset + done));

        if (put <= 0) {
            nbdkit_error("%s: %s", path, strerror(errno));
            return -1;
        }
        done += (uint32_t)put;
    }
    if (modelled)
        take_write(arrived, (double)offset, count);
    return 0;
}

static int
drive_flush(void *handle, uint32_t flags)
{
    (void)handle;
    (void)flags;
    if (modelled)
        take_flush();
    return 0;
}

static struct nbdkit_plugin plugin = {
    .name = "drive",
    .config = drive_config,
    .config_complete = drive_config_complete,
    .config_help = "file=FILE [model=drive|none]",
    .get_ready = drive_get_ready,
    .open = drive_open,
    .get_size = drive_get_size,
    .pread = drive_pread,
    .pwrite = drive_pwrite,
    .flush = drive_flush,
};

NBDKIT_REGISTER_PLUGIN(plugin)
