# plate/decide.c: a continuing boot sets the flag abnormal as soon as it has read it
s|^    decide_as(d, OUTCOME_CONTINUE|    root_set(\&((struct nv_root *)root)->flag, FLAG_ABNORMAL);\n&|
