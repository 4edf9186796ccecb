# plate/nv.c: the commit word is stored before the tables
s|^    p->saved_table_pages = slot_write(p, generation);|    root_set(\&root_at()->commit, root_word(generation));\n&|
