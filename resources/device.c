// device.c -- the device drivers of the machine
//
// QUIESCE and RECOVER reach the drivers in the order in which they were added.
#include "resources/device.h"

#include "tender/assert.h"
#include "tender/text.h"

static struct device_entry *
next_entry(const struct devices *d, u32 *index)
{
    return (struct device_entry *)(void *)table_next(d->table, index);
}

int
device_add(struct devices *d, struct driver *driver)
{
    char name[NAME_MAX];
    int err;

    text_format(name, sizeof(name), "device/%s", driver->name);
    err = table_check_add(d->table, name);
    if (err == 0)
        err = driver->identify(driver);
    if (err == 0)
        err = driver->start(driver);
    if (err < 0)
        return err;
    struct device_entry *entry =
        (struct device_entry *)(void *)table_add(d->table, name, RID_NONE);

    entry->driver = driver;
    return (int)entry->res.id;
}

void
device_interrupt(struct devices *d, int irq)
{
    struct device_entry *entry;
    u32 i = 0;

    ASSERT(irq >= 0 && irq < 16);
    while ((entry = next_entry(d, &i)) != NULL)
        if (entry->driver->irq == irq && entry->driver->interrupt != NULL) {
            entry->interrupts++;
            entry->driver->interrupt(entry->driver);
        }
}

static int
control(void *state, struct call *call)
{
    struct devices *d = state;
    struct device_entry *entry;
    u32 i = 0;

    if (call->caller != RID_NONE)
        return E_KERNEL;
    if (call->target != KIND_ID(KIND_DEVICE) ||
        (call->arg[0] != DEVICE_QUIESCE && call->arg[0] != DEVICE_RECOVER))
        return E_ARGUMENT;
    while ((entry = next_entry(d, &i)) != NULL) {
        if (call->arg[0] == DEVICE_QUIESCE)
            entry->driver->quiesce(entry->driver);
        else
            entry->driver->recover(entry->driver);
    }
    return 0;
}

static void
describe(void *state, const struct res *res, struct resource_info *info)
{
    const struct device_entry *entry = (const void *)res;

    (void)state;
    info->detail[0] = (u32)entry->driver->irq;
    info->detail[1] = entry->interrupts;
    text_copy(info->state, "started", sizeof(info->state));
}

u32
device_bytes(void)
{
    return table_bytes(sizeof(struct table), sizeof(struct device_entry),
                       DEVICE_LIMIT);
}

void
device_init(struct devices *d, struct gate *gate, void *memory, u32 bytes)
{
    struct kind row = {.name = "device",
                       .state = d,
                       .table = memory,
                       .program = {[OP_CONTROL] = control},
                       .describe = describe};

    ASSERT(bytes >= device_bytes());
    *d = (struct devices){gate, memory};
    table_init(d->table, KIND_DEVICE, sizeof(struct table),
               sizeof(struct device_entry), DEVICE_LIMIT);
    gate_register(gate, KIND_DEVICE, &row);
}
