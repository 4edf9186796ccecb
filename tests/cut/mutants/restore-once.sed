# plate/restore.c: the slot's header is away while its save is being restored
s|^        slot_load(p->layout, generation);|        slot_load(p->layout, generation), slot_at(p->layout, generation \& 1)->magic = 0;|
s|^    save_completed(p, generation);|    slot_at(p->layout, generation \& 1)->magic = NV_SLOT_MAGIC;\n&|
