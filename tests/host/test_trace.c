// test_trace.c -- does the tracer see what the kernel stores and loads?

#include "mapped.h"
#include "suite.h"
#include "trace.h"

// Does the log hold every store in order, with the dirty bit before the data?
START_TEST(logging)
{
    static const u64 wide = 0x0000000200000001;
    struct event_log log;
    u32 missed;

    event_log_open(&log, 100);
    trace_copy_shadow();
    trace_log(&log);
    mapped_copy(kernel_at(KERNEL_BASE), &wide, 8);
    machine_flush(kernel_at(KERNEL_BASE + 60), 8);
    machine_fence();
    *(volatile u32 *)ram_at(DATA + 100) = 3; // nobody sees this one
    ck_assert_uint_eq(trace_sync(&missed), 1);
    trace_log(NULL);
    ck_assert_uint_eq(missed, DATA + 100);
    ck_assert_uint_eq(log.events, 7);
    ck_assert_uint_eq(log.event[0].word, (PD + (KERNEL_BASE >> 22) * 4) / 4);
    ck_assert_uint_eq(log.event[1].word, KERNEL_PT / 4);
    ck_assert_uint_eq(log.event[1].new, DATA | 3 | PTE_ACCESSED | PTE_DIRTY);
    ck_assert_uint_eq(log.event[2].word, DATA / 4);
    ck_assert_uint_eq(log.event[2].new, 1);
    ck_assert_uint_eq(log.event[3].word, DATA / 4 + 1);
    ck_assert_uint_eq(log.event[4].word, EVENT_FLUSH);
    ck_assert_uint_eq(log.event[4].old, DATA / LINE_SIZE);
    ck_assert_uint_eq(log.event[4].new, 2);
    ck_assert_uint_eq(log.event[5].word, EVENT_FENCE);
    event_log_close(&log);
}
END_TEST

// Is a word known to be read only when it was not written before?
START_TEST(tracking)
{
    u32 word = 0;

    trace_track(1);
    mapped_store(RAM_BASE + DATA, 1);
    mapped_copy(&word, ram_at(DATA), 4);
    mapped_copy(&word, ram_at(DATA + 4), 4);
    mapped_store(RAM_BASE + DATA + 4, 1);
    mapped_copy(ram_at(DATA + 9), &word, 1); // leaves the rest of its word
    machine_copy_page(ram_at(DATA + PAGE_SIZE), ram_at(DATA + 2 * PAGE_SIZE));
    ck_assert_int_eq(trace_was_read(DATA / 4), 0);
    ck_assert_int_eq(trace_was_read(DATA / 4 + 1), 1);
    ck_assert_int_eq(trace_was_read(DATA / 4 + 2), 1);
    ck_assert_int_eq(trace_was_read(DATA / 4 + 1024), 0);
    ck_assert_int_eq(trace_was_read(DATA / 4 + 2048), 1);
    trace_track(1);
    ck_assert_int_eq(trace_was_read(DATA / 4 + 1), 0);
    trace_track(0);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {logging, tracking, NULL};
    const struct suite suite = {.name = "trace",
                                .open = mapped_open,
                                .close = mapped_close,
                                .test = test};

    return suite_run(&suite);
}
