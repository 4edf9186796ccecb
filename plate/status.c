// status.c -- figures about plates and memory, for people
#include "plate/status.h"

#include "plate/disk.h"
#include "tender/table.h"

static void
count_spaces(const struct plates *p, struct system_status *status)
{
    u32 i = 0;
    const struct res *res;

    while ((res = table_next(p->vk->table, &i)) != NULL) {
        const struct space_entry *e = (const void *)res;

        if (e->flags & SPACE_SAVE_AREA)
            status->save_areas++;
        else if ((e->flags & SPACE_PARKED) == 0)
            status->kernel_pages += e->pages;
    }
    status->kernel_pages += 1 + p->layout->kernel_tables;
}

void
status_fill(const struct plates *p, struct system_status *status)
{
    const struct nv_root *root = root_at();
    u32 i = 0;
    const struct res *res;

    status->occ_enabled = p->head->enabled;
    if (p->store != NULL)
        status->generation = p->store->newest(p);
    status->boots = root->boots;
    status->restored = p->began;
    while ((res = table_next(&p->head->table, &i)) != NULL)
        status->plate_pages +=
            ((const struct plate_entry *)(const void *)res)->pages;
    status->plates = p->head->table.used;
    status->pending = p->head->pending;
    status->memory_pages = p->rm->head->frames;
    status->usable_pages = p->rm->head->usable;
    status->free_pages = p->rm->head->free;
    count_spaces(p, status);
    status->save_pages = p->saved_pages;
    status->save_table_pages = p->saved_table_pages;
    status->save_us = p->saved_us;
    status->save_disk_us = p->saved_disk_us;
    status->save_requests = p->saved_requests;
    status->store = p->store == NULL  ? STORE_OFF
                    : p->disk == NULL ? STORE_NV
                                      : STORE_DISK;
    if (p->punits != NULL) {
        status->unit_pages = p->punits->head->pages;
        status->unit_room = p->punits->head->room;
    }
}
