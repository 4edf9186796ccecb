# plate/save.c: pending deletes are freed before the save, not after the commit
s|^    err = enable_new_spaces(p);|    plate_free_pending(p);\n&|
