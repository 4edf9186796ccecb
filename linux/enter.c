// enter.c -- the ways in: system calls, faults, and the way back to user mode
#include "linux/errno.h"
#include "linux/linux.h"
#include "linux/task/oom.h"
#include "tender/error.h"
#include "tender/text.h"

// Said once for each number, so that a person sees what is missing.
static void
say_unknown(struct linux *l, const struct task *t, u32 number)
{
    u32 bits = ARRAY_LEN(l->unknown) * 32;
    u32 bit = MIN(number, bits - 1);
    char name[TASK_NAME_MAX];

    if ((l->unknown[bit / 32] & 1u << bit % 32) != 0)
        return;
    l->unknown[bit / 32] |= 1u << bit % 32;
    say("tender: linux: %s asks for call %u (%s), which is not there\n",
        text_plain(name, t->name, sizeof(name)), number,
        linux_program_name(number));
}

void
linux_call(struct linux *l, struct frame *frame)
{
    struct task *t = task_current(l);
    u32 number = frame->eax;
    const u32 a[6] = {frame->ebx, frame->ecx, frame->edx,
                      frame->esi, frame->edi, frame->ebp};
    linux_program *program = linux_program_of(number);

    if (t == NULL) {
        frame->eax = (u32)E_KIND; // a native program is none of Linux
        return;
    }
    l->call_count++;
    if (!t->again)
        t->sleep_until_us = 0;
    t->again = 0;
    t->turn_us = 0;
    t->frame = frame;
    t->restart_call = number;
    t->in_call = 1;
    if (program == NULL)
        say_unknown(l, t, number);
    int result = program == NULL ? -ENOSYS : program(t, a);

    t = task_current(l); // execve may have made it another entry
    t->frame = NULL;
    if (t->in_call)
        frame->eax = (u32)result;
}

void
linux_return(struct linux *l, struct frame *frame)
{
    struct task *t = task_current(l);

    if (t == NULL)
        return;
    signal_deliver(t, frame);
    if (t->ending)
        task_exit(t, t->ending_status);
    t->in_call = 0;
    signal_sanitize(t, frame);
}

struct cause {
    u32 number;
    int code;
};

static struct cause
cause_of(u32 vector)
{
    switch (vector) {
    case 0:
        return (struct cause){SIGFPE, 1}; // FPE_INTDIV
    case 1:
        return (struct cause){SIGTRAP, 2}; // TRAP_TRACE
    case 3:
        return (struct cause){SIGTRAP, SI_KERNEL};
    case 6:
        return (struct cause){SIGILL, 2}; // ILL_ILLOPN
    case 11:
    case 12:
        return (struct cause){SIGBUS, SI_KERNEL};
    case 16:
    case 19:
        return (struct cause){SIGFPE, 7}; // FPE_FLTINV
    case 17:
        return (struct cause){SIGBUS, 1}; // BUS_ADRALN
    default:
        return (struct cause){SIGSEGV, SI_KERNEL};
    }
}

#define PAGE_FAULT 14u
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRERR 2

static void
page_fault(struct task *t, u32 address, int write)
{
    int err = memory_fault(t->memory, address, write);
    char name[TASK_NAME_MAX];

    if (err == -EFAULT)
        signal_fault(t, SIGSEGV,
                     memory_area(t->memory, address) == NULL ? SEGV_MAPERR
                                                             : SEGV_ACCERR,
                     address);
    else if (err == -EIO)
        signal_fault(t, SIGBUS, BUS_ADRERR, address);
    else if (err == -ENOMEM && !oom_make_room(t->linux) && !t->ending) {
        say("tender: linux: %s killed: there is no memory for its page at "
            "0x%08x\n",
            text_plain(name, t->name, sizeof(name)), address);
        task_end_process(t, (int)SIGKILL);
    }
}

void
linux_fault(struct linux *l, struct frame *frame, u32 vector, u32 address,
            int write)
{
    struct task *t = task_current(l);
    struct cause cause = cause_of(vector);

    t->fault_vector = vector;
    t->fault_error = frame->error;
    if (vector == PAGE_FAULT) {
        t->fault_address = address;
        page_fault(t, address, write);
    } else {
        signal_fault(t, cause.number, cause.code,
                     cause.code == SI_KERNEL ? 0 : frame->eip);
    }
}
