# plate/nv.c: the selector is flipped before the page to be written is chosen
s|^    u32 newest = (p->rm->frame\[first\] & FRAME_NEWEST) != 0;|    p->rm->frame[first] ^= FRAME_NEWEST;\n&|
t
s|^    p->rm->frame\[first\] ^= FRAME_NEWEST;||
