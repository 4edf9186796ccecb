# plate/slot.c: pages of tables are not flushed
s|^        machine_flush(to, PAGE_SIZE);||
