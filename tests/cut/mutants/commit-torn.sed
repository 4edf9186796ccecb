# plate/root.c: a word of the root is stored in two halves
s|^    \*(volatile u32 \*)word_of_root = value;|    ((volatile u16 *)word_of_root)[0] = (u16)value;\n    ((volatile u16 *)word_of_root)[1] = (u16)(value >> 16);|
