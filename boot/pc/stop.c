// stop.c -- switch the machine off, or reset it
#include "boot/pc/parts.h"

#include "boot/pc/port.h"

#define ACPI_CONTROL 0x604 // PM1a control of QEMU's pc
#define ACPI_SLEEP 0x2000
#define RESET_CONTROL 0xcf9
#define KEYBOARD_COMMAND 0x64
#define KEYBOARD_RESET 0xfe

_Noreturn void
machine_stop(enum machine_stop how)
{
    interrupts_off();
    serial_drain();
    if (how == STOP_OFF) {
        port_out16(ACPI_CONTROL, ACPI_SLEEP);
    } else {
        port_out8(RESET_CONTROL, 0x02);
        port_out8(RESET_CONTROL, 0x06);
        port_out8(KEYBOARD_COMMAND, KEYBOARD_RESET);
    }
    halt_for_ever();
}
