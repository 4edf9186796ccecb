// frame.c -- the frame of a signal: onto the stack, and back from it
//
// What comes back is a program's, so anything may be in it: only what a
// program can set by itself is taken (signal_sanitize()).
#include "linux/signal/sigframe.h"

#include "linux/calls.h"
#include "linux/errno.h"
#include "tender/text.h"

#define EFLAGS_USER 0x00050dd5u // what a program may set: AC RF OF DF TF SF ...
#define EFLAGS_HANDLER 0x00010500u // RF, DF, TF: off when a handler begins
#define SS_ONSTACK 1u
#define SS_DISABLE 2u

// --- sanity ---

#define PRESENT 0x8000u // of a descriptor's second word
#define WRITABLE 0x0200u

// One of the task's own, whose descriptor has all of these bits.
static int
tls_usable(const struct task *t, u32 selector, u32 bits)
{
    u32 n = (selector - FRAME_TLS) / 8;

    return selector >= FRAME_TLS && n < TLS_ENTRIES && selector % 8 == 3 &&
           (t->tls[n][1] & bits) == bits;
}

// A data segment register that loads without a fault, or 0.
static u32
data_selector(const struct task *t, u32 selector)
{
    selector &= 0xffff;
    if (selector == FRAME_USER_DS || selector == FRAME_USER_CS ||
        tls_usable(t, selector, PRESENT))
        return selector;
    return 0;
}

void
signal_sanitize(const struct task *t, struct frame *frame)
{
    frame->gs = data_selector(t, frame->gs);
    frame->fs = data_selector(t, frame->fs);
    frame->es = data_selector(t, frame->es);
    frame->ds = data_selector(t, frame->ds);
    frame->cs = FRAME_USER_CS;
    // A stack segment that cannot be written would fault in the kernel.
    if ((frame->ss & 0xffff) != FRAME_USER_DS &&
        !tls_usable(t, frame->ss & 0xffff, PRESENT | WRITABLE))
        frame->ss = FRAME_USER_DS;
}

// --- there ---

static int
on_alt_stack(const struct task *t, u32 esp)
{
    return t->alt_bytes != 0 && esp > t->alt_stack &&
           esp - t->alt_stack <= t->alt_bytes;
}

static u32
alt_state(const struct task *t, u32 esp)
{
    return t->alt_bytes == 0      ? SS_DISABLE
           : on_alt_stack(t, esp) ? SS_ONSTACK
                                  : 0;
}

static void
put_context(struct sigcontext *c, const struct task *t, const struct frame *f,
            u32 fpstate, u64 back)
{
    *c = (struct sigcontext){.gs = f->gs,
                             .fs = f->fs,
                             .es = f->es,
                             .ds = f->ds,
                             .edi = f->edi,
                             .esi = f->esi,
                             .ebp = f->ebp,
                             .esp = f->esp,
                             .ebx = f->ebx,
                             .edx = f->edx,
                             .ecx = f->ecx,
                             .eax = f->eax,
                             .trapno = t->fault_vector,
                             .err = t->fault_error,
                             .eip = f->eip,
                             .cs = f->cs,
                             .eflags = f->eflags,
                             .esp_at_signal = f->esp,
                             .ss = f->ss,
                             .fpstate = fpstate,
                             .oldmask = (u32)back,
                             .cr2 = t->fault_address};
}

// The frame with SA_SIGINFO.
static int
put_rt(struct task *t, const struct frame *f, u32 at, u32 fpstate, u64 back,
       const struct signal_info *info)
{
    static const u8 code[8] = {0xb8, 173, 0, 0, 0, 0xcd, 0x80, 0};
    const struct signal_action *action = &t->handlers->action[info->number];
    struct rt_signal_frame s = {.number = info->number};

    s.return_to = (action->flags & SA_RESTORER) != 0
                      ? action->restorer
                      : at + (u32)offsetof(struct rt_signal_frame, code);
    s.info_at = at + (u32)offsetof(struct rt_signal_frame, info);
    s.context_at = at + (u32)offsetof(struct rt_signal_frame, context);
    signal_info_put(s.info, info);
    s.context.stack = t->alt_stack;
    s.context.stack_bytes = t->alt_bytes;
    s.context.stack_flags = alt_state(t, f->esp);
    put_context(&s.context.context, t, f, fpstate, back);
    s.context.mask[0] = (u32)back;
    s.context.mask[1] = (u32)(back >> 32);
    memcpy(s.code, code, sizeof(code));
    return memory_out(t->memory, at, &s, sizeof(s));
}

static int
put_plain(struct task *t, const struct frame *f, u32 at, u32 fpstate, u64 back,
          const struct signal_info *info)
{
    static const u8 code[8] = {0x58, 0xb8, 119, 0, 0, 0, 0xcd, 0x80};
    const struct signal_action *action = &t->handlers->action[info->number];
    u32 head[2] = {at + (u32)offsetof(struct signal_frame, code), info->number};
    u32 extra = (u32)(back >> 32);
    struct sigcontext context;

    if ((action->flags & SA_RESTORER) != 0)
        head[0] = action->restorer;
    put_context(&context, t, f, fpstate, back);
    int err = memory_out(t->memory, at, head, sizeof(head));

    if (err == 0)
        err = memory_out(t->memory,
                         at + (u32)offsetof(struct signal_frame, context),
                         &context, sizeof(context));
    if (err == 0)
        err = memory_out(t->memory,
                         at + (u32)offsetof(struct signal_frame, extra_mask),
                         &extra, sizeof(extra));
    if (err == 0)
        err =
            memory_out(t->memory, at + (u32)offsetof(struct signal_frame, code),
                       code, sizeof(code));
    return err;
}

// Where the frame's FPU state goes; the rest goes below it.
static u32
place_of(const struct task *t, const struct frame *f, u32 flags, u32 bytes,
         u32 *fpstate)
{
    u32 esp = f->esp;

    if ((flags & SA_ONSTACK) != 0 && t->alt_bytes != 0 && !on_alt_stack(t, esp))
        esp = t->alt_stack + t->alt_bytes;
    *fpstate = ((esp - FXSAVE_BYTES) & ~63u) - (u32)sizeof(struct fsave);
    return ((*fpstate - bytes + 4) & ~15u) - 4;
}

int
signal_frame(struct task *t, struct frame *frame, u64 back,
             const struct signal_info *info)
{
    const struct signal_action *action = &t->handlers->action[info->number];
    int rt = (action->flags & SA_SIGINFO) != 0;
    u32 fpstate;
    u32 at = place_of(t, frame, action->flags,
                      rt ? sizeof(struct rt_signal_frame)
                         : sizeof(struct signal_frame),
                      &fpstate);

    // Running off the alternate stack is a fault, too.
    if (on_alt_stack(t, frame->esp) && !on_alt_stack(t, at + 1))
        return -EFAULT;
    int err = signal_fpu_put(t, fpstate);

    if (err == 0)
        err = (rt ? put_rt : put_plain)(t, frame, at, fpstate, back, info);
    if (err < 0)
        return -EFAULT;
    machine_fpu_fresh(task_execution(t)->fpu);
    machine_fpu_load(task_execution(t)->fpu);
    frame->esp = at;
    frame->eip = action->handler;
    frame->eax = info->number;
    frame->edx = rt ? at + (u32)offsetof(struct rt_signal_frame, info) : 0;
    frame->ecx = rt ? at + (u32)offsetof(struct rt_signal_frame, context) : 0;
    frame->ds = frame->es = frame->ss = FRAME_USER_DS;
    frame->cs = FRAME_USER_CS;
    frame->eflags &= ~EFLAGS_HANDLER;
    return 0;
}

// --- and back ---

static int
get_context(struct task *t, const struct sigcontext *c)
{
    struct frame *f = t->frame;
    int err = signal_fpu_get(t, c->fpstate);

    if (err < 0)
        return err;
    f->gs = c->gs;
    f->fs = c->fs;
    f->es = c->es;
    f->ds = c->ds;
    f->edi = c->edi;
    f->esi = c->esi;
    f->ebp = c->ebp;
    f->esp = c->esp;
    f->ebx = c->ebx;
    f->edx = c->edx;
    f->ecx = c->ecx;
    f->eax = c->eax;
    f->eip = c->eip;
    f->ss = c->ss;
    f->eflags = (f->eflags & ~EFLAGS_USER) | (c->eflags & EFLAGS_USER);
    signal_sanitize(t, f);
    t->in_call = 0; // eax is what it was, not a result
    return 0;
}

// A frame that cannot be read back is fatal.
static int
bad_frame(struct task *t)
{
    signal_fault(t, SIGSEGV, SI_KERNEL, 0);
    return 0;
}

int
sys_sigreturn(struct task *t, const u32 *a)
{
    u32 at = t->frame->esp - 8;
    struct sigcontext context;
    u32 extra;

    (void)a;
    if (memory_in(t->memory, &context,
                  at + (u32)offsetof(struct signal_frame, context),
                  sizeof(context)) < 0 ||
        memory_in(t->memory, &extra,
                  at + (u32)offsetof(struct signal_frame, extra_mask),
                  sizeof(extra)) < 0)
        return bad_frame(t);
    signal_block(t, context.oldmask | (u64)extra << 32);
    return get_context(t, &context) < 0 ? bad_frame(t) : 0;
}

int
sys_rt_sigreturn(struct task *t, const u32 *a)
{
    u32 at = t->frame->esp - 4;
    struct ucontext context;

    (void)a;
    if (memory_in(t->memory, &context,
                  at + (u32)offsetof(struct rt_signal_frame, context),
                  sizeof(context)) < 0)
        return bad_frame(t);
    signal_block(t, context.mask[0] | (u64)context.mask[1] << 32);
    if (get_context(t, &context.context) < 0)
        return bad_frame(t);
    if (!on_alt_stack(t, t->frame->esp) && context.stack_flags != SS_DISABLE) {
        t->alt_stack = context.stack;
        t->alt_bytes = context.stack_bytes;
    }
    return 0;
}
