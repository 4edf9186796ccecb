// irq.c -- the two interrupt controllers (8259)
#include "boot/pc/parts.h"

#include "boot/pc/port.h"

#define MASTER 0x20
#define MASTER_DATA 0x21
#define SLAVE 0xa0
#define SLAVE_DATA 0xa1

#define CASCADE 2u
#define END_OF_INTERRUPT 0x20
#define READ_IN_SERVICE 0x0b

static u32 enabled; // bit 1u << irq; plated

static void
write_masks(u32 on)
{
    if (on >> 8 != 0)
        on |= 1u << CASCADE;
    port_out8(MASTER_DATA, (u8)~on);
    port_out8(SLAVE_DATA, (u8)(~on >> 8));
}

void
pic_mask_all(void)
{
    write_masks(0);
}

void
pc_irq_init(void)
{
    port_out8(MASTER, 0x11); // edge-triggered, cascaded, four words follow
    port_out8(SLAVE, 0x11);
    port_out8(MASTER_DATA, TRAP_IRQ);
    port_out8(SLAVE_DATA, TRAP_IRQ + 8);
    port_out8(MASTER_DATA, 1u << CASCADE);
    port_out8(SLAVE_DATA, CASCADE);
    port_out8(MASTER_DATA, 0x01); // 8086 mode
    port_out8(SLAVE_DATA, 0x01);
    write_masks(enabled);
}

void
pc_irq_enable(u32 irq)
{
    ASSERT(irq < 16);
    enabled |= 1u << irq;
    write_masks(enabled);
}

// Lines 7 and 15 also stand for "it went away before you looked".
static int
is_spurious(u32 irq)
{
    u16 port = irq < 8 ? MASTER : SLAVE;

    if ((irq & 7) != 7)
        return 0;
    port_out8(port, READ_IN_SERVICE);
    return (port_in8(port) & 0x80) == 0;
}

int
pc_irq_take(u32 vector)
{
    u32 irq = vector - TRAP_IRQ;
    int spurious;

    if (irq >= 16)
        return -1;
    spurious = is_spurious(irq);
    if (irq >= 8 && !spurious)
        port_out8(SLAVE, END_OF_INTERRUPT);
    if (irq >= 8 || !spurious)
        port_out8(MASTER, END_OF_INTERRUPT);
    return spurious ? -1 : (int)irq;
}
