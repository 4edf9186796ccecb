# plate/restore.c: a restore gives up the commit word until it is done
s|^        slot_load(p->layout, generation);|        root_set(\&root_at()->commit, 0), slot_load(p->layout, generation);|
s|^    save_completed(p, generation);|    root_set(\&root_at()->commit, root_word(generation));\n&|
