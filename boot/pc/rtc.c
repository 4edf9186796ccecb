// rtc.c -- the real-time clock: what time it is for people
//
// Its registers change once a second, not at one moment: read while no update
// is in progress, until two readings are the same.
#include "boot/pc/parts.h"

#include "boot/pc/port.h"

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71
#define NMI_OFF 0x80u // as the firmware left it

#define STATUS_A 0x0au
#define UPDATING 0x80u
#define STATUS_B 0x0bu
#define IS_BINARY 4u
#define IS_24_HOURS 2u
#define CENTURY 0x32u
#define PM 0x80u // of the hours

#define READS_MAX 100000u

enum { SECOND, MINUTE, HOUR, DAY, MONTH, YEAR, HUNDREDS, PARTS };

static u32
cmos(u32 index)
{
    port_out8(CMOS_INDEX, (u8)(index | NMI_OFF));
    return port_in8(CMOS_DATA);
}

static void
read_once(u32 part[PARTS])
{
    static const u8 index[PARTS] = {0, 2, 4, 7, 8, 9, CENTURY};

    for (u32 n = 0; n < READS_MAX && (cmos(STATUS_A) & UPDATING) != 0; n++)
        continue;
    for (u32 i = 0; i < PARTS; i++)
        part[i] = cmos(index[i]);
}

static int
same(const u32 a[PARTS], const u32 b[PARTS])
{
    for (u32 i = 0; i < PARTS; i++)
        if (a[i] != b[i])
            return 0;
    return 1;
}

static u32
from_bcd(u32 value)
{
    return (value >> 4) * 10 + (value & 15);
}

// As plain numbers.
static void
decode(u32 part[PARTS])
{
    u32 status = cmos(STATUS_B);
    u32 afternoon = part[HOUR] & PM;

    part[HOUR] &= ~PM;
    for (u32 i = 0; i < PARTS; i++)
        if ((status & IS_BINARY) == 0)
            part[i] = from_bcd(part[i]);
    if ((status & IS_24_HOURS) == 0)
        part[HOUR] = part[HOUR] % 12 + (afternoon ? 12 : 0);
    if (part[HUNDREDS] < 19 || part[HUNDREDS] > 29)
        part[HUNDREDS] = 20; // no such register
}

static u32
days_since_1970(u32 year, u32 month, u32 day)
{
    // March is the first month, so that a leap day is the last of its year.
    u32 y = month <= 2 ? year - 1 : year;
    u32 m = (month + 9) % 12;
    u32 days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day;

    return days - 719469;
}

u64
rtc_us(void)
{
    u32 part[PARTS], again[PARTS];
    u32 tries = 0;

    read_once(again);
    do {
        for (u32 i = 0; i < PARTS; i++)
            part[i] = again[i];
        read_once(again);
    } while (!same(part, again) && ++tries < 10);
    decode(part);
    if (part[MONTH] < 1 || part[MONTH] > 12 || part[DAY] < 1 ||
        part[DAY] > 31 || part[HOUR] > 23 || part[MINUTE] > 59 ||
        part[SECOND] > 60)
        return 0;
    u32 year = part[HUNDREDS] * 100 + part[YEAR];

    if (year < 1970)
        return 0;
    u64 seconds = (u64)days_since_1970(year, part[MONTH], part[DAY]) * 86400 +
                  part[HOUR] * 3600 + part[MINUTE] * 60 + part[SECOND];

    return seconds * 1000000;
}
