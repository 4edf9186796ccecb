// compare_drive.c -- the plate disk, the modelled drive and its calibration
#include "compare.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "vm.h"

#define PLATES_MIB 256 // for permanent units
#define PAGING_MIB 64  // for virtual units

#define SOCKET COMPARE_DIR "/drive.sock"
#define ADDRESS "nbd+unix:///?socket=" SOCKET
#define PLUGIN "build/tools/drive.so"
#define START_S 5.0

static pid_t drive;

__attribute__((noreturn)) static void
failed(const char *what)
{
    char sentence[400];

    snprintf(sentence, sizeof(sentence), "%s: %s", what, strerror(errno));
    vm_failed(sentence);
    abort();
}

void
compare_make_plates(const char *path)
{
    char command[300];

    unlink(path);
    snprintf(command, sizeof(command),
             "tools/mkplates -o '%s' -p %d -v %d >/dev/null", path, PLATES_MIB,
             PAGING_MIB);
    errno = EIO;
    if (system(command) != 0)
        failed(path);
}

// --- the modelled drive

static void
become_drive(const char *path, bool modelled)
{
    char file[300];

    snprintf(file, sizeof(file), "file=%s", path);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execlp("nbdkit", "nbdkit", "--foreground", "--unix", SOCKET, PLUGIN, file,
           modelled ? "model=drive" : "model=none", (char *)NULL);
    fprintf(stderr, "nbdkit: %s\n", strerror(errno));
    _exit(127);
}

const char *
drive_start(const char *path, bool modelled)
{
    double until = now() + START_S;

    unlink(SOCKET);
    fflush(NULL);
    drive = fork();
    if (drive < 0)
        failed("fork");
    if (drive == 0)
        become_drive(path, modelled);
    while (access(SOCKET, F_OK) != 0) {
        if (waitpid(drive, NULL, WNOHANG) != 0 || now() > until) {
            errno = ENODEV;
            failed("The modelled drive (nbdkit) did not start");
        }
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return ADDRESS;
}

void
drive_stop(void)
{
    if (drive == 0)
        return;
    kill(drive, SIGTERM);
    waitpid(drive, NULL, 0);
    drive = 0;
    unlink(SOCKET);
}

// --- calibration

// Seconds qemu-img needs for so many requests, or 0.
static double
bench(const char *options)
{
    char command[400], line[200];
    double seconds = 0;
    FILE *output;

    snprintf(command, sizeof(command),
             "qemu-img bench -f raw -d 1 %s '" ADDRESS "' 2>&1", options);
    output = popen(command, "r");
    if (output == NULL)
        return 0;
    while (fgets(line, sizeof(line), output) != NULL)
        sscanf(line, "Run completed in %lf seconds", &seconds);
    return pclose(output) == 0 ? seconds : 0;
}

// The same requests at several strides, none near a fraction of the disk or of
// a rotation, so that no one stride's rotational waits decide.
#define STRIDES 5
#define EACH 40
#define GREAT_REQUESTS 100
#define MB_PER_REQUEST 1.048576
#define CACHED_MB 8.388608 // the drive's cache: may not be written at the end

// Scattered requests of 4 KiB a second, or 0.
static double
scattered(const char *options)
{
    static const unsigned strides[STRIDES] = {40507, 50821, 31607, 25153,
                                              45779};
    double seconds = 0;
    char all[200];

    for (int i = 0; i < STRIDES; i++) {
        double took;

        snprintf(all, sizeof(all), "%s -c %d -s 4096 -S %u", options, EACH,
                 strides[i] * 4096);
        took = bench(all);
        if (took <= 0)
            return 0;
        seconds += took;
    }
    return STRIDES * EACH / seconds;
}

static double
streamed(const char *options, double unwritten)
{
    char all[200];
    double took;

    snprintf(all, sizeof(all), "%s -c %d -s 1048576", options, GREAT_REQUESTS);
    took = bench(all);
    return took <= 0 ? 0 : (GREAT_REQUESTS * MB_PER_REQUEST - unwritten) / took;
}

const char *
drive_calibrate(void)
{
    static char line[300];
    double reads, writes, read_mb, write_mb;

    compare_make_plates(PLATES_FILE);
    drive_start(PLATES_FILE, true);
    reads = scattered("");
    writes = scattered("-w --flush-interval=1 --no-drain");
    read_mb = streamed("", 0);
    write_mb = streamed("-w", CACHED_MB);
    drive_stop();
    unlink(PLATES_FILE);
    if (reads <= 0 || writes <= 0 || read_mb <= 0 || write_mb <= 0)
        return NULL;
    snprintf(line, sizeof(line),
             "modelled drive, measured: random 4 KiB %.0f reads/s, %.0f "
             "writes/s with a flush each; sequential 1 MiB %.1f MB/s read, "
             "%.1f MB/s written (plate disk: the first %d MiB of its 500 GB)",
             reads, writes, read_mb, write_mb, PLATES_MIB + PAGING_MIB);
    return line;
}
