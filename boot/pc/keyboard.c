// keyboard.c -- the keyboard: scan codes (set 1, US layout) into characters
#include "boot/pc/parts.h"

#include "boot/pc/port.h"
#include "tender/error.h"

#define DATA 0x60
#define STATUS 0x64
#define COMMAND 0x64

#define STATUS_OUTPUT 0x01 // something to read
#define STATUS_INPUT 0x02  // not ready for a byte
#define STATUS_MOUSE 0x20

#define READ_CONFIG 0x20
#define WRITE_CONFIG 0x60
#define CONFIG_INTERRUPT 0x01
#define CONFIG_DISABLED 0x10
#define CONFIG_TRANSLATE 0x40

#define WAIT_READS 100000u
#define DRAIN_MAX 64u

#define KEY_CTRL 0x1d
#define KEY_LEFT_SHIFT 0x2a
#define KEY_RIGHT_SHIFT 0x36
#define KEY_CAPS 0x3a
#define KEY_UP 0x80
#define KEY_EXTENDED 0xe0

static struct {
    struct driver driver;
    void (*input)(void *state, int c);
    void *input_state;
    u32 shift, ctrl, caps;
    u32 extended; // the last code was 0xe0
} keyboard;

static const char plain[] = "\0\0331234567890-=\177\tqwertyuiop[]\r\0asdfghjkl;"
                            "'`\0\\zxcvbnm,./\0*\0 ";
static const char shifted[] =
    "\0\033!@#$%^&*()_+\177\tQWERTYUIOP{}\r\0ASDFGHJKL:"
    "\"~\0|ZXCVBNM<>?\0*\0 ";
_Static_assert(sizeof(plain) == 0x3a + 1, "codes 0 to 0x39");
_Static_assert(sizeof(shifted) == sizeof(plain), "the same keys");

static int
wait_ready(void)
{
    u32 reads;

    for (reads = 0; reads < WAIT_READS; reads++)
        if ((port_in8(STATUS) & STATUS_INPUT) == 0)
            return 0;
    return E_TIME;
}

static int
wait_output(void)
{
    u32 reads;

    for (reads = 0; reads < WAIT_READS; reads++)
        if (port_in8(STATUS) & STATUS_OUTPUT)
            return 0;
    return E_TIME;
}

static void
drain(void)
{
    u32 i;

    for (i = 0; i < DRAIN_MAX && (port_in8(STATUS) & STATUS_OUTPUT); i++)
        port_in8(DATA);
}

static int
identify(struct driver *driver)
{
    (void)driver;
    return port_in8(STATUS) == 0xff ? E_NAME : 0;
}

static int
start(struct driver *driver)
{
    u8 config;

    (void)driver;
    drain();
    if (wait_ready() < 0)
        return E_TIME;
    port_out8(COMMAND, READ_CONFIG);
    if (wait_output() < 0)
        return E_TIME;
    config = port_in8(DATA);
    config |= CONFIG_INTERRUPT | CONFIG_TRANSLATE;
    config &= (u8)~CONFIG_DISABLED;
    port_out8(COMMAND, WRITE_CONFIG);
    if (wait_ready() < 0)
        return E_TIME;
    port_out8(DATA, config);
    return wait_ready();
}

static void
quiesce(struct driver *driver)
{
    (void)driver; // a command never stays in flight
}

// Nobody holds a key down any more; caps lock stays as it was.
static void
recover(struct driver *driver)
{
    keyboard.shift = keyboard.ctrl = keyboard.extended = 0;
    start(driver);
}

// The character of a key pressed, 0 if it has none.
static int
translate(u8 code)
{
    int letter, c;

    if (code >= sizeof(plain))
        return 0;
    c = plain[code];
    letter = c >= 'a' && c <= 'z';
    if (letter && keyboard.ctrl)
        return c - 'a' + 1;
    if (letter)
        return keyboard.shift != keyboard.caps ? shifted[code] : c;
    return keyboard.shift ? shifted[code] : c;
}

static void
take(u8 code)
{
    u32 down = (code & KEY_UP) == 0;
    u8 key = code & (u8)~KEY_UP;
    u32 extended = keyboard.extended;
    int c;

    keyboard.extended = code == KEY_EXTENDED;
    if (keyboard.extended)
        return;
    if (key == KEY_CTRL) {
        keyboard.ctrl = down;
        return;
    }
    // After 0xe0 only Enter and / are characters; it also fakes shifts.
    if (extended && key != 0x1c && key != 0x35)
        return;
    if (key == KEY_LEFT_SHIFT || key == KEY_RIGHT_SHIFT) {
        keyboard.shift = down;
        return;
    }
    if (!down)
        return;
    if (key == KEY_CAPS) {
        keyboard.caps = !keyboard.caps;
        return;
    }
    c = extended ? plain[key] : translate(key);
    if (c != 0 && keyboard.input != NULL)
        keyboard.input(keyboard.input_state, c);
}

static void
interrupt(struct driver *driver)
{
    u32 i;

    (void)driver;
    for (i = 0; i < DRAIN_MAX; i++) {
        u8 status = port_in8(STATUS);
        u8 code;

        if ((status & STATUS_OUTPUT) == 0)
            return;
        code = port_in8(DATA);
        if ((status & STATUS_MOUSE) == 0)
            take(code);
    }
}

struct driver *
keyboard_driver(void (*input)(void *state, int c), void *state)
{
    keyboard.input = input;
    keyboard.input_state = state;
    keyboard.driver = (struct driver){"keyboard", 1,       identify,  start,
                                      quiesce,    recover, interrupt, NULL};
    return &keyboard.driver;
}
