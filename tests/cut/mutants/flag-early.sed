# plate/save.c: the termination flag is set before the shutdown's state is whole
s|^    memset(shutdown, 0, sizeof(\*shutdown));|    root_set(\&root_at()->flag, FLAG_NORMAL);\n&|
