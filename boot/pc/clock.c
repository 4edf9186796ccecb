// clock.c -- microseconds from the TSC, going on over power cuts
//
//   now = base_us + (TSC - base_tsc) * us_per_tick
//
// How fast the TSC runs and where it stood is found out at every boot and
// kept in scratch.  The last value anyone was told is kept in plated memory:
// a recovered clock goes on from it.
#include "boot/pc/parts.h"

#include "boot/pc/port.h"

#define PM_TIMER 0x608 // ACPI power-management timer, 24 bits
#define PM_MASK 0xffffffu
#define PM_HZ 3579545u
#define PM_TICKS 14318u // 4 ms
#define PM_READINGS 8u

#define PIT_CHANNEL_2 0x42
#define PIT_COMMAND 0x43
#define SPEAKER 0x61
#define PIT_HZ 1193182u
#define PIT_TICKS 4773u // 4 ms

#define READS_MAX 1000000u

// Microseconds per timer tick, times 2^32.
#define US_PER(hz) ((u32)((1000000ull << 32) / (hz)))

// Scratch: of this boot.
static SCRATCH u32 us_per_tick; // times 2^32
static SCRATCH u32 is_plated;   // told_us may be used
static SCRATCH u64 base_us, base_tsc;

// Plated: the last value anyone was told.
static u64 told_us;

// The ACPI timer, and the TSC at that moment.  An emulator may stand still in
// between for longer than is measured: the shortest of some readings counts.
static u32
read_pm(u64 *tsc)
{
    u64 shortest = ~0ull;
    u32 value = 0;

    for (u32 i = 0; i < PM_READINGS; i++) {
        u64 before = read_tsc();
        u32 read = port_in32(PM_TIMER);
        u64 took = read_tsc() - before;

        if (took < shortest) {
            shortest = took;
            value = read;
            *tsc = before + took / 2;
        }
    }
    return value;
}

// Ticks of the ACPI timer, at least 4 ms; 0 if it stands still.
static u32
wait_pm(u32 *tsc)
{
    u64 start = 0, end = 0;
    u32 first = read_pm(&start);
    u32 reads, passed;

    for (reads = 0; reads < READS_MAX; reads++) {
        passed = (port_in32(PM_TIMER) - first) & PM_MASK;
        if (passed >= PM_TICKS) {
            passed = (read_pm(&end) - first) & PM_MASK;
            *tsc = (u32)(end - start);
            return passed;
        }
        if (reads > 1000 && passed == 0)
            return 0;
    }
    return 0;
}

// Let PIT channel 2 count down once.
static u32
wait_pit(u32 *tsc)
{
    u64 start;
    u32 reads;

    port_out8(SPEAKER, (port_in8(SPEAKER) & ~2u) | 1);
    port_out8(PIT_COMMAND, 0xb0);
    port_out8(PIT_CHANNEL_2, PIT_TICKS & 255);
    port_out8(PIT_CHANNEL_2, PIT_TICKS >> 8);
    start = read_tsc();
    for (reads = 0; reads < READS_MAX; reads++)
        if (port_in8(SPEAKER) & 0x20)
            break;
    *tsc = (u32)(read_tsc() - start);
    return PIT_TICKS;
}

void
clock_calibrate(void)
{
    u32 us_per = US_PER(PM_HZ);
    u32 tsc = 0;
    u32 ticks = wait_pm(&tsc);

    if (ticks == 0) {
        us_per = US_PER(PIT_HZ);
        ticks = wait_pit(&tsc);
    }
    // The quotient fits: a TSC is faster than 1 MHz.
    if ((u64)ticks * us_per >> 32 >= tsc)
        PANIC("the TSC does not run");
    us_per_tick = divide((u64)ticks * us_per, tsc);
}

static u64
to_us(u64 tsc)
{
    return (tsc >> 32) * us_per_tick + ((tsc & 0xffffffff) * us_per_tick >> 32);
}

u64
boot_us(void)
{
    return to_us(read_tsc() - boot_entry_tsc);
}

u64
boot_firmware_us(void)
{
    return to_us(boot_entry_tsc);
}

void
clock_init(void)
{
    base_us = 0;
    base_tsc = boot_entry_tsc;
    is_plated = 1;
}

void
clock_recover(void)
{
    base_us = told_us;
    base_tsc = read_tsc();
    is_plated = 1;
}

u64
machine_now_us(void)
{
    u64 now;

    if (!is_plated)
        return boot_us();
    now = base_us + to_us(read_tsc() - base_tsc);
    if (now > told_us)
        told_us = now;
    return told_us;
}
