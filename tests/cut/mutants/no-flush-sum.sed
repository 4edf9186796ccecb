# plate/slot.c: the checksums of changed table pages are not flushed
s|^        if (changed\[i\])|        if (0)|
