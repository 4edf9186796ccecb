// device.h -- the device drivers of the machine
#ifndef RESOURCES_DEVICE_H
#define RESOURCES_DEVICE_H

#include "tender/driver.h"
#include "tender/gate.h"
#include "tender/table.h"

#define DEVICE_LIMIT 16u

struct device_entry {
    struct res res;
    struct driver *driver;
    u32 interrupts; // how many it had
    u32 spare;
};

struct devices {
    struct gate *gate;
    struct table *table;
};

u32 device_bytes(void);
void device_init(struct devices *d, struct gate *gate, void *memory, u32 bytes);

// Identify and start the device; list it as device/NAME.  Its id, or an error:
// then it is not there.
int device_add(struct devices *d, struct driver *driver);

// From the machine, for every interrupt that may be a device's.
void device_interrupt(struct devices *d, int irq);

#endif
