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

static void
keep_file(char *path, const char *format, const char *name)
{
    char kept[200];

    snprintf(kept, sizeof(kept), format, name, getpid());
    if (rename(path, kept) == 0)
        strcpy(path, kept);
}

// Move what tells of the failure out of the way of the next machine of this
// name.
static void
keep(struct vm *vm)
{
    const char *name = vm->options.name;

    keep_file(vm->nv, "build/vm/failed-%s-%d.nv", name);
    keep_file(vm->plates, "build/vm/failed-%s-%d.plates", name);
    keep_file(vm->log, "build/test-logs/failed-%s-%d.log", name);
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
                 "%s\n  %s\n  %s    %s\n  transcript %s, which ends "
                 "with:\n%s",
                 what, vm->note,
                 vm->options.store == VM_NV ? "NV file" : "plates ",
                 vm->options.store == VM_NV ? vm->nv : vm->plates, vm->log,
                 tail(vm->text.text)) < 0)
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

// What stays of a machine: the file given, or one of its own, which is gone.
static void
name_file(char path[200], const char *given, const char *name, const char *kind)
{
    snprintf(path, 200, "build/vm/%s.%s", name, kind);
    if (given != NULL)
        snprintf(path, 200, "%s", given);
    else
        unlink(path);
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
    name_file(vm->nv, options->nv, options->name, "nv");
    name_file(vm->plates, options->plates, options->name, "plates");
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
    unlink(vm->plates);
    unlink(vm->qmp);
    transcript_close(&vm->text);
    free(vm->match);
    free(vm);
}

// In the child: become the machine.
static void
become(struct vm *vm, int in, int out)
{
    const char *const *argv = vm_arguments(vm);

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
vm_plates(const struct vm *vm)
{
    return vm->plates;
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

void
vm_set_fault(struct vm *vm, const char *fault)
{
    vm->options.fault = fault;
}

double
vm_seen_at(const struct vm *vm, size_t at)
{
    return transcript_when(&vm->text, at) - vm->on_at;
}
