# plate/save.c: the shutdown's state is not flushed
s|^    machine_flush_all();||
