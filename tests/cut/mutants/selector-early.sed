# plate/nv.c: the selector flips in the tables of the newest save, too, before the commit
s|^    p->rm->frame\[first\] ^= FRAME_NEWEST;|&\n    if (root_at()->commit != 0) *(u32 *)ram_at(p->layout->slot_table_pa[root_at()->commit \& 1][TABLE_REAL_MEMORY] + (word)\&p->rm->frame[first] - p->layout->table_va[TABLE_REAL_MEMORY]) ^= FRAME_NEWEST;|
