// pci.c -- find devices on PCI bus 0 and reach their configuration
#include "boot/pc/parts.h"

#include "boot/pc/port.h"
#include "tender/error.h"

#define CONFIG_ADDRESS 0xcf8
#define CONFIG_DATA 0xcfc

#define ENABLE 0x80000000u
#define DEVICES 32u
#define FUNCTIONS 8u

#define REGISTER_ID 0x00u
#define REGISTER_CLASS 0x08u

u32
pci_read(u32 address, u32 offset)
{
    port_out32(CONFIG_ADDRESS, address | offset);
    return port_in32(CONFIG_DATA);
}

void
pci_write(u32 address, u32 offset, u32 value)
{
    port_out32(CONFIG_ADDRESS, address | offset);
    port_out32(CONFIG_DATA, value);
}

// The first function with these class and subclass bytes.
int
pci_find_class(u32 class_code, u32 *address)
{
    u32 i;

    for (i = 0; i < DEVICES * FUNCTIONS; i++) {
        *address = ENABLE | i << 8;
        if (pci_read(*address, REGISTER_ID) == 0xffffffff)
            continue;
        if (pci_read(*address, REGISTER_CLASS) >> 16 == class_code)
            return 0;
    }
    return E_NAME;
}
