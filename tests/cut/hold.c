// hold.c -- stops: where the machine is held, and what it does then
#include "tests/cut/inside.h"

#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// What processor and devices have written since it was looked at last.  At the
// first time that is everything.
static void
collect_dirty(void)
{
    static bool logging;
    struct ctl *ctl = in.ctl;

    if (!logging)
        memory_global_dirty_log_start(DIRTY_LOG);
    logging = true;
    struct dirty_snapshot *s = cpu_physical_memory_snapshot_and_clear_dirty(
        in.region, 0, ctl->memory_bytes, DIRTY_CLIENT);
    uint64_t skip = (in.ram_at - s->start) >> 12;

    if (skip % 64 != 0)
        give_up("the machine's memory lies at an odd place");
    for (unsigned i = 0; i < ctl->memory_bytes >> 18; i++)
        ctl->dirty[i] |= s->dirty[skip / 64 + i];
    free(s);
}

// Code translated from pages the host has written would be run as it was.
static void
drop_translations(void)
{
    struct ctl *ctl = in.ctl;

    for (unsigned i = 0; i < ctl->memory_bytes >> 18; i++) {
        uint64_t pages = ctl->changed[i];

        for (; pages != 0; pages &= pages - 1) {
            uint64_t page = i * 64 + (unsigned)__builtin_ctzll(pages);

            tb_invalidate_phys_page(in.ram_at + page * 4096);
        }
        ctl->changed[i] = 0;
    }
}

// Leaves the translation block, so that nothing is run of it any more.
static _Noreturn void
reset(void)
{
    struct ctl *ctl = in.ctl;

    drop_translations();
    for (unsigned i = 0; i < ctl->stops; i++)
        ctl->stop[i].hits = 0;
    ctl->tracing = 0;
    ctl->returns_to = 0;
    qemu_system_reset_request(RESET_CAUSE);
    qemu_mutex_unlock_iothread();
    cpu_loop_exit_noexc(current_cpu);
    abort();
}

static void
drain(void *done)
{
    bdrv_drain_all();
    __atomic_store_n((bool *)done, true, __ATOMIC_SEQ_CST);
}

// No device writes while it is held.  A transfer that ends interrupts the
// processor, which QEMU lets only other threads do in the middle of a block: the
// main one does it.
static void
finish_transfers(void)
{
    bool done = false;

    if (!in.ctl->instrumented) { // is never held in the middle of a transfer
        bdrv_drain_all();
        return;
    }
    aio_bh_schedule_oneshot_full(qemu_get_aio_context(), drain, &done, "drain");
    while (!__atomic_load_n(&done, __ATOMIC_SEQ_CST)) {
        qemu_mutex_unlock_iothread();
        sched_yield();
        qemu_mutex_lock_iothread_impl(__FILE__, __LINE__);
    }
}

static void
hold(uint32_t at)
{
    struct ctl *ctl = in.ctl;
    uint32_t seen = ctl->go_count;

    qemu_mutex_lock_iothread_impl(__FILE__, __LINE__);
    finish_transfers();
    collect_dirty();
    qemu_mutex_unlock_iothread();
    ctl->esp = in.regs[ESP];
    ctl->eip = in.regs[EIP];
    ctl->cr3 = in.cr[3];
    ctl->held_at = at;
    __atomic_add_fetch(&ctl->held_count, 1, __ATOMIC_SEQ_CST);
    syscall(SYS_futex, &ctl->held_count, FUTEX_WAKE, 1, NULL, NULL, 0);
    while (__atomic_load_n(&ctl->go_count, __ATOMIC_SEQ_CST) == seen)
        syscall(SYS_futex, &ctl->go_count, FUTEX_WAIT, seen, NULL, NULL, 0);
    if (ctl->command != CTL_RESET)
        return;
    qemu_mutex_lock_iothread_impl(__FILE__, __LINE__);
    reset();
}

void
hold_at_stop(unsigned vcpu, void *data)
{
    struct ctl *ctl = in.ctl;
    uint32_t index = (uint32_t)(uintptr_t)data;
    struct ctl_stop *stop = &ctl->stop[index];

    (void)vcpu;
    stop->hits++;
    if (stop->action == STOP_NOTHING ||
        (stop->action == STOP_SOFT && !ctl->hold_wanted))
        return;
    if (stop->skip != 0) {
        stop->skip--;
        return;
    }
    if (stop->flags & STOP_RETURN) {
        uint64_t pa = physical(in.regs[ESP]);

        if (pa >= ctl->memory_bytes)
            give_up("a function was entered without a stack");
        ctl->returns_esp = in.regs[ESP] + 4;
        ctl->returns_to = *(uint32_t *)(in.ram + pa);
        ctl->returns_mark = stop->flags & STOP_MARK;
    }
    if (stop->flags & STOP_MARK)
        return;
    if (stop->flags & STOP_TRACE)
        trace_begin();
    if ((stop->flags & STOP_END) && ctl->tracing)
        trace_end();
    hold(index);
}

void
hold_at_return(unsigned vcpu, void *data)
{
    struct ctl *ctl = in.ctl;

    (void)vcpu;
    if (ctl->returns_to == 0 || (uint32_t)(uintptr_t)data != ctl->returns_to ||
        in.regs[ESP] != ctl->returns_esp)
        return;
    uint32_t eip = ctl->returns_to;

    ctl->returns_to = 0;
    if (ctl->returns_mark) {
        if (ctl->tracing)
            trace_note(CUT_MARK, 0, 0, eip);
        return;
    }
    if (ctl->tracing)
        trace_end();
    hold(CTL_RETURNED);
}
