# plate/nv.c: pages in save areas are not flushed
s|^    machine_flush(ram_at(to << PAGE_SHIFT), PAGE_SIZE);||
