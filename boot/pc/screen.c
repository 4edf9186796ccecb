// screen.c -- the text screen: a copy in plated memory, mirrored to the VGA
//
// Scrolling moves the origin through the adapter's memory, so that a new line
// costs one line of (slow) device writes; at the end of it everything is
// drawn again from the copy.  The copy is a ring of lines that starts at top.
#include "boot/pc/parts.h"

#include "boot/pc/port.h"
#include "tender/text.h"

#define COLUMNS 80u
#define ROWS 25u
#define CELLS (COLUMNS * ROWS)
#define VGA_PA 0xb8000u
#define VGA_CELLS 16384u

#define CRTC_INDEX 0x3d4
#define CRTC_DATA 0x3d5
#define CRTC_START 0x0c
#define CRTC_CURSOR 0x0e
#define CRTC_CURSOR_SHAPE 0x0a

#define COLOUR_NORMAL 0x07u
#define TAB 8u
#define PARAMETERS 4u

enum escape { ESCAPE_NONE, ESCAPE_SEEN, ESCAPE_CSI };

static struct {
    struct driver driver;
    u16 cell[ROWS][COLUMNS];
    u32 top;    // the line of cell[] that is shown first
    u32 origin; // the adapter's cell that is shown first
    u32 row, column;
    u32 colour;
    enum escape escape;
    u32 parameter[PARAMETERS];
    u32 last; // index of the parameter being read
} screen;

static SCRATCH u32 is_ready;

static u16 *
line_at(u32 row)
{
    return screen.cell[(screen.top + row) % ROWS];
}

static void
set_crtc(u8 index, u32 value)
{
    port_out8(CRTC_INDEX, index);
    port_out8(CRTC_DATA, (u8)(value >> 8));
    port_out8(CRTC_INDEX, (u8)(index + 1));
    port_out8(CRTC_DATA, (u8)value);
}

static void
draw_line(u32 row)
{
    volatile u32 *to = ram_at(VGA_PA);
    const u32 *from = (const void *)line_at(row);
    u32 i;

    to += (screen.origin + row * COLUMNS) / 2;
    for (i = 0; i < COLUMNS / 2; i++)
        to[i] = from[i];
}

static void
draw_cursor(void)
{
    set_crtc(CRTC_CURSOR, screen.origin + screen.row * COLUMNS +
                              MIN(screen.column, COLUMNS - 1));
}

static void
draw_all(void)
{
    u32 row;

    screen.origin = 0;
    for (row = 0; row < ROWS; row++)
        draw_line(row);
    set_crtc(CRTC_START, 0);
    draw_cursor();
}

// Blank part of a line in the copy and on the screen.
static void
blank(u32 row, u32 from, u32 to)
{
    u16 *line = line_at(row);

    for (; from < to; from++)
        line[from] = (u16)(screen.colour << 8 | ' ');
    draw_line(row);
}

static void
new_line(void)
{
    if (screen.row + 1 < ROWS) {
        screen.row++;
        return;
    }
    screen.top = (screen.top + 1) % ROWS;
    screen.origin += COLUMNS;
    if (screen.origin + CELLS > VGA_CELLS)
        draw_all();
    blank(ROWS - 1, 0, COLUMNS);
    set_crtc(CRTC_START, screen.origin);
}

static void
put_cell(u8 c)
{
    volatile u16 *vga = ram_at(VGA_PA);
    u16 cell = (u16)(screen.colour << 8 | c);

    if (screen.column == COLUMNS) { // only now: a full line may end in \n
        screen.column = 0;
        new_line();
    }
    line_at(screen.row)[screen.column] = cell;
    vga[screen.origin + screen.row * COLUMNS + screen.column] = cell;
    screen.column++;
}

static void
set_colour(u32 code)
{
    static const u8 vga_colour[8] = {0, 4, 2, 6, 1, 5, 3, 7};
    u32 c = screen.colour;

    if (code == 0)
        c = COLOUR_NORMAL;
    else if (code == 1)
        c |= 8;
    else if (code == 7)
        c = (c & 7) << 4 | (c >> 4 & 7);
    else if (code >= 30 && code <= 37)
        c = (c & ~7u) | vga_colour[code - 30];
    else if (code == 39)
        c = (c & ~7u) | (COLOUR_NORMAL & 7);
    else if (code >= 40 && code <= 47)
        c = (c & ~0x70u) | (u32)vga_colour[code - 40] << 4;
    else if (code == 49)
        c &= ~0x70u;
    screen.colour = c;
}

static void
erase_screen(u32 how)
{
    u32 row = how == 0 ? screen.row + 1 : 0;
    u32 end = how == 1 ? screen.row : ROWS;

    if (how == 0)
        blank(screen.row, screen.column, COLUMNS);
    if (how == 1)
        blank(screen.row, 0, MIN(screen.column + 1, COLUMNS));
    for (; row < end; row++)
        blank(row, 0, COLUMNS);
}

static void
erase_line(u32 how)
{
    u32 from = how == 0 ? screen.column : 0;
    u32 to = how == 1 ? MIN(screen.column + 1, COLUMNS) : COLUMNS;

    blank(screen.row, from, to);
}

// The end of ESC [ parameters.  What is not known is left out.
static void
do_sequence(u8 command)
{
    const u32 *p = screen.parameter;
    u32 n = MAX(p[0], 1);
    u32 i;

    switch (command) {
    case 'm':
        for (i = 0; i <= screen.last; i++)
            set_colour(p[i]);
        break;
    case 'H':
    case 'f':
        screen.row = MIN(n, ROWS) - 1;
        screen.column = MIN(MAX(p[1], 1), COLUMNS) - 1;
        break;
    case 'A':
        screen.row -= MIN(n, screen.row);
        break;
    case 'B':
        screen.row = MIN(screen.row + MIN(n, ROWS), ROWS - 1);
        break;
    case 'C':
        screen.column = MIN(screen.column + MIN(n, COLUMNS), COLUMNS - 1);
        break;
    case 'D':
        screen.column -= MIN(n, screen.column);
        break;
    case 'J':
        erase_screen(p[0]);
        break;
    case 'K':
        erase_line(p[0]);
        break;
    }
}

static void
put_escape(u8 c)
{
    u32 *p = &screen.parameter[screen.last];

    if (screen.escape == ESCAPE_SEEN) {
        screen.escape = c == '[' ? ESCAPE_CSI : ESCAPE_NONE;
        return;
    }
    if (c >= '0' && c <= '9') {
        *p = MIN(*p, 999) * 10 + c - '0';
    } else if (c == ';') {
        if (screen.last < PARAMETERS - 1)
            screen.last++;
    } else if (c >= '@') {
        screen.escape = ESCAPE_NONE;
        do_sequence(c);
    }
}

static void
put_character(u8 c)
{
    if (screen.escape != ESCAPE_NONE) {
        put_escape(c);
        return;
    }
    switch (c) {
    case '\n':
        screen.column = 0;
        new_line();
        break;
    case '\r':
        screen.column = 0;
        break;
    case '\b':
        if (screen.column > 0)
            screen.column--;
        break;
    case '\t':
        do
            put_cell(' ');
        while (screen.column % TAB != 0);
        break;
    case 27:
        screen.escape = ESCAPE_SEEN;
        memset(screen.parameter, 0, sizeof(screen.parameter));
        screen.last = 0;
        break;
    default:
        if (c >= ' ')
            put_cell(c);
    }
}

void
screen_put(const char *text, u32 length)
{
    u32 i;

    for (i = 0; i < length; i++)
        put_character((u8)text[i]);
    draw_cursor();
}

// What does not fit in the line is left out, as are controls: anything more
// would need the copy to follow.
void
screen_put_last(const char *text, u32 length)
{
    volatile u16 *vga = ram_at(VGA_PA);
    u32 column = screen.column;
    u32 i;

    vga += screen.origin + screen.row * COLUMNS;
    for (i = 0; i < length && column < COLUMNS; i++)
        if ((u8)text[i] >= ' ')
            vga[column++] = (u16)(screen.colour << 8 | (u8)text[i]);
}

int
screen_is_ready(void)
{
    return is_ready != 0;
}

void
screen_ready(void)
{
    is_ready = 1;
    machine_put("", 0); // what was put before now appears
}

void
screen_forget(void)
{
    is_ready = 0;
}

static int
identify(struct driver *driver)
{
    (void)driver;
    return 0; // where there is none the writes go nowhere
}

static int
start(struct driver *driver)
{
    (void)driver;
    memset(screen.cell, 0, sizeof(screen.cell));
    screen.colour = COLOUR_NORMAL;
    screen.top = screen.row = screen.column = 0;
    screen.escape = ESCAPE_NONE;
    erase_screen(2);
    set_crtc(CRTC_CURSOR_SHAPE, 0x0d0e);
    draw_all();
    screen_ready();
    return 0;
}

static void
quiesce(struct driver *driver)
{
    (void)driver; // it is never busy
}

static void
recover(struct driver *driver)
{
    (void)driver;
    set_crtc(CRTC_CURSOR_SHAPE, 0x0d0e);
    draw_all();
    screen_ready();
}

static void
interrupt(struct driver *driver)
{
    (void)driver;
}

struct driver *
screen_driver(void)
{
    screen.driver = (struct driver){"screen", -1,      identify,  start,
                                    quiesce,  recover, interrupt, NULL};
    return &screen.driver;
}
