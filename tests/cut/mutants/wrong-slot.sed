# plate/slot.c: the tables go to the slot of the save before
s|write_tables(p, generation & 1)|write_tables(p, ~generation \& 1)|
s|^    struct nv_slot \*header = slot_at(p->layout, generation & 1);|    struct nv_slot *header = slot_at(p->layout, ~generation \& 1);|
