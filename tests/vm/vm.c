// vm.c -- a machine as a child process: start it, read its console, cut it off
#include "vm_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

#define TAIL_LINES 25

static void
print_and_exit(const char *sentence)
{
    fprintf(stderr, "%s\n", sentence);
    exit(1);
}

void (*vm_failed)(const char *sentence) = print_and_exit;

static const char *
tail(const char *text)
{
    const char *p = text + strlen(text);

    for (int lines = 0; p > text; p--)
        if (p[-1] == '\n' && ++lines > TAIL_LINES)
            break;
    return p;
}

// Move what tells of the failure out of the way of the next machine of this
// name.
static void
keep(struct vm *vm)
{
    char nv[sizeof(vm->nv)], log[sizeof(vm->log)];

    snprintf(nv, sizeof(nv), "build/vm/failed-%s-%d.nv", vm->options.name,
             getpid());
    snprintf(log, sizeof(log), "build/test-logs/failed-%s-%d.log",
             vm->options.name, getpid());
    if (rename(vm->nv, nv) == 0)
        strcpy(vm->nv, nv);
    if (rename(vm->log, log) == 0)
        strcpy(vm->log, log);
}

void
vm_fail(struct vm *vm, const char *format, ...)
{
    char what[600], *all;
    va_list args;

    va_start(args, format);
    vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    transcript_note(&vm->text, what);
    if (vm->pid != 0)
        kill(vm->pid, SIGKILL);
    keep(vm);
    if (asprintf(&all,
                 "%s\n  %s\n  NV file    %s\n  transcript %s, which ends "
                 "with:\n%s",
                 what, vm->note, vm->nv, vm->log, tail(vm->text.text)) < 0)
        abort();
    vm_failed(all);
    abort();
}

void
vm_note(struct vm *vm, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(vm->note, sizeof(vm->note), format, args);
    va_end(args);
    transcript_note(&vm->text, vm->note);
}

struct vm *
vm_new(const struct vm_options *options)
{
    struct vm *vm = calloc(1, sizeof(*vm));

    if (vm == NULL)
        abort();
    vm->options = *options;
    if (options->mem_mib == 0)
        vm->options.mem_mib = 64;
    mkdir("build", 0777);
    mkdir("build/vm", 0777);
    mkdir("build/test-logs", 0777);
    if (options->nv != NULL) {
        snprintf(vm->nv, sizeof(vm->nv), "%s", options->nv);
    } else {
        snprintf(vm->nv, sizeof(vm->nv), "build/vm/%s.nv", options->name);
        unlink(vm->nv);
    }
    snprintf(vm->log, sizeof(vm->log), "build/test-logs/vm-%s.log",
             options->name);
    snprintf(vm->qmp, sizeof(vm->qmp), "build/vm/%s.qmp", options->name);
    transcript_open(&vm->text, vm->log);
    return vm;
}

void
vm_free(struct vm *vm)
{
    vm_cut(vm);
    unlink(vm->nv);
    unlink(vm->qmp);
    transcript_close(&vm->text);
    free(vm->match);
    free(vm);
}

// In the child: become the machine.
static void
become(struct vm *vm, int in, int out)
{
    const char *program = getenv("VM"); // a stand-in, to test this harness
    char mem[12];
    const char *argv[40];
    int n = 0;

    snprintf(mem, sizeof(mem), "%u", vm->options.mem_mib);
    argv[n++] = program != NULL ? program : "tools/vm";
    argv[n++] = vm->options.ram ? "--volatile" : "--nv";
    if (!vm->options.ram)
        argv[n++] = vm->nv;
    argv[n++] = "--mem";
    argv[n++] = mem;
    if (vm->options.disk != NULL) {
        argv[n++] = "--disk";
        argv[n++] = vm->options.disk;
    }
    if (vm->options.append != NULL) {
        argv[n++] = "--append";
        argv[n++] = vm->options.append;
    }
    if (vm->options.qmp) {
        argv[n++] = "--qmp";
        argv[n++] = vm->qmp;
    }
    if (vm->options.extra != NULL)
        argv[n++] = vm->options.extra;
    for (const char *const *p = vm->options.more; p != NULL && *p != NULL; p++)
        argv[n++] = *p;
    argv[n] = NULL;
    prctl(PR_SET_PDEATHSIG, SIGKILL); // no machine outlives its test
    dup2(in, 0);
    dup2(out, 1);
    dup2(out, 2);
    execv(argv[0], (char *const *)argv);
    fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

void
vm_on(struct vm *vm)
{
    int in[2], out[2];

    if (vm->pid != 0)
        vm_fail(vm, "The machine is on already.");
    signal(SIGPIPE, SIG_IGN);
    unlink(vm->qmp);
    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
        vm_fail(vm, "pipe: %s", strerror(errno));
    vm->boot_start = vm->mark = vm->text.length;
    vm->on_at = now();
    transcript_boot(&vm->text, vm->on_at);
    vm->pid = fork();
    if (vm->pid < 0)
        vm_fail(vm, "fork: %s", strerror(errno));
    if (vm->pid == 0)
        become(vm, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    vm->in = in[1];
    vm->out = out[0];
}

static void
reap(struct vm *vm)
{
    int status;

    if (waitpid(vm->pid, &status, 0) < 0)
        status = 255 << 8;
    vm->status =
        WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    close(vm->in);
    close(vm->out);
    vm->pid = 0;
}

bool
vm_pump(struct vm *vm, double seconds)
{
    char buffer[4096];
    struct pollfd fd = {.fd = vm->out, .events = POLLIN};
    struct timespec wait = clock_timespec(seconds);
    ssize_t got;

    if (vm->pid == 0)
        return false;
    if (ppoll(&fd, 1, &wait, NULL) <= 0)
        return true;
    got = read(vm->out, buffer, sizeof(buffer));
    if (got > 0) {
        transcript_add(&vm->text, buffer, (size_t)got, now());
        return true;
    }
    reap(vm);
    return false;
}

void
vm_cut(struct vm *vm)
{
    if (vm->pid == 0)
        return;
    kill(vm->pid, SIGKILL);
    while (vm_pump(vm, VM_PATIENCE))
        continue;
    transcript_note(&vm->text, "power cut");
}

bool
vm_is_on(const struct vm *vm)
{
    return vm->pid != 0;
}

void
vm_run(struct vm *vm, double ms)
{
    double until = now() + ms / 1000;

    while (now() < until && vm_pump(vm, until - now()))
        continue;
}

int
vm_end(struct vm *vm)
{
    double until = now() + VM_PATIENCE;

    while (vm_pump(vm, until - now()))
        if (now() >= until)
            vm_fail(vm, "The machine did not stop within %.0f s.", VM_PATIENCE);
    return vm->status;
}

// --- what others may know

const char *
vm_nv(const struct vm *vm)
{
    return vm->nv;
}
const char *
vm_log(const struct vm *vm)
{
    return vm->log;
}
const char *
vm_text(const struct vm *vm)
{
    return vm->text.text;
}
size_t
vm_length(const struct vm *vm)
{
    return vm->text.length;
}
size_t
vm_boot_start(const struct vm *vm)
{
    return vm->boot_start;
}
double
vm_since_on(const struct vm *vm)
{
    return now() - vm->on_at;
}
const char *
vm_qmp_socket(const struct vm *vm)
{
    return vm->qmp;
}

void
vm_set_append(struct vm *vm, const char *append)
{
    vm->options.append = append;
}

double
vm_seen_at(const struct vm *vm, size_t at)
{
    return transcript_when(&vm->text, at) - vm->on_at;
}
