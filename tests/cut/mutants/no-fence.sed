# plate/nv.c: no fence between the tables and the commit word
s|^    machine_fence();||
