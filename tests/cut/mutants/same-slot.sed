# plate/slot.c: there is one slot for all saves
s|& 1\([])]\)|\& 0\1|g
s|+ 1) & 1)|+ 1) \& 0)|
