// serial.c -- the serial line COM1: polled output, interrupting input
#include "boot/pc/parts.h"

#include "boot/pc/port.h"
#include "tender/error.h"

#define PORT 0x3f8
#define DATA (PORT + 0)
#define INTERRUPTS (PORT + 1)
#define IDENTITY (PORT + 2) // read
#define FIFO (PORT + 2)     // write
#define LINE (PORT + 3)
#define MODEM (PORT + 4)
#define STATUS (PORT + 5)

#define STATUS_INPUT 0x01
#define STATUS_ROOM 0x20
#define STATUS_EMPTY 0x40

#define WAIT_READS 100000u // a line that is stuck loses output, no more
#define INPUT_MAX 256u     // characters one interrupt takes at most

static struct {
    struct driver driver;
    void (*input)(void *state, int c);
    void *input_state;
} serial;

// 115200 baud, 8N1.  What was received already stays in the FIFO.
void
serial_init(void)
{
    port_out8(INTERRUPTS, 0);
    port_out8(LINE, 0x80);
    port_out8(DATA, 1);
    port_out8(INTERRUPTS, 0);
    port_out8(LINE, 0x03);
    port_out8(FIFO, 0x01);
    port_out8(MODEM, 0x0b); // DTR, RTS, and OUT2: interrupts reach the PIC
}

static void
wait_status(u8 bit)
{
    u32 reads;

    for (reads = 0; reads < WAIT_READS; reads++)
        if (port_in8(STATUS) & bit)
            return;
}

void
serial_put(const char *text, u32 length)
{
    u32 i;

    for (i = 0; i < length; i++) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) {
            wait_status(STATUS_ROOM);
            port_out8(DATA, '\r');
        }
        wait_status(STATUS_ROOM);
        port_out8(DATA, (u8)text[i]);
    }
}

void
serial_drain(void)
{
    wait_status(STATUS_EMPTY);
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
    (void)driver;
    serial_init();
    port_out8(INTERRUPTS, 0x01); // received data
    return 0;
}

static void
quiesce(struct driver *driver)
{
    (void)driver;
    serial_drain();
}

static void
recover(struct driver *driver)
{
    start(driver);
}

static void
interrupt(struct driver *driver)
{
    u32 i;

    (void)driver;
    port_in8(IDENTITY);
    for (i = 0; i < INPUT_MAX && (port_in8(STATUS) & STATUS_INPUT); i++) {
        int c = port_in8(DATA);

        if (serial.input != NULL)
            serial.input(serial.input_state, c);
    }
}

struct driver *
serial_driver(void (*input)(void *state, int c), void *state)
{
    serial.input = input;
    serial.input_state = state;
    serial.driver = (struct driver){"serial", 4,       identify,  start,
                                    quiesce,  recover, interrupt, NULL};
    return &serial.driver;
}
