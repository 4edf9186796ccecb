# plate/slot.c: the header of the slot is not flushed
s|^    machine_flush(header, offsetof(struct nv_slot, page_sum));||
