# plate/nv.c: pages are copied to the area that holds the newest copy
s|^    u32 to = newest ? first : area_frame(p, plate->area\[1\], page);|    u32 to = !newest ? first : area_frame(p, plate->area[1], page);|
s|^    p->rm->frame\[first\] ^= FRAME_NEWEST;||
