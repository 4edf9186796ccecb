// enable.c -- continuous-operation control on and off
//
// Paper 002, figure 6.  The order: replace the deletion programs, plate-ize
// every space, say that it is enabled.  Nothing of this is durable before the
// first save: a cut before its commit word finds no save and starts cold.
#include "plate/enable.h"

#include "plate/status.h"
#include "tender/machine.h"
#include "tender/table.h"
#include "tender/text.h"

// Step 10: the replacement deletes the space and then registers its save areas
// in the pending-delete table.
static int
delete_plated(struct plates *p, const struct replacement *old,
              struct call *call)
{
    struct space_entry *e = plate_space(p, call->target);
    rid plate = e->plate;
    int err = old->program(old->state, call);

    if (err == 0 && plate != RID_NONE)
        plate_defer(p, (void *)table_get(&p->head->table, plate));
    return err;
}

static int
delete_vk(void *state, struct call *call)
{
    struct plates *p = state;

    return delete_plated(p, &p->delete_vk, call);
}

static int
delete_vu(void *state, struct call *call)
{
    struct plates *p = state;

    return delete_plated(p, &p->delete_vu, call);
}

static void
replace_programs(struct plates *p)
{
    struct replacement vk = gate_replace(p->gate, KIND_VKSPACE, OP_DELETE,
                                         (struct replacement){delete_vk, p});
    struct replacement vu = gate_replace(p->gate, KIND_VUSPACE, OP_DELETE,
                                         (struct replacement){delete_vu, p});

    p->delete_vk = vk;
    p->delete_vu = vu;
}

static void
put_back_programs(struct plates *p)
{
    gate_replace(p->gate, KIND_VKSPACE, OP_DELETE, p->delete_vk);
    gate_replace(p->gate, KIND_VUSPACE, OP_DELETE, p->delete_vu);
}

// A region that no program has attached is in no space, but its contents are
// to survive: a virtual kernel space holds it until it is attached again.
static int
park_regions(struct plates *p)
{
    u32 i = 0;
    struct res *res;

    while ((res = table_next(p->regions->table, &i)) != NULL) {
        const struct region_entry *region = (const void *)res;

        if (region->attached != RID_NONE)
            continue;
        int err = gate_create(p->gate, KIND_VKSPACE, NULL, 0,
                              SPACE_WRITABLE | SPACE_PARKED, res->id, 0);

        if (err < 0)
            return err;
    }
    return 0;
}

// Steps 2-9 for one of the two tables.  Slots may be vacant anywhere, and the
// table grows while it is walked: by save areas, which need none themselves.
static int
make_plates(struct plates *p, struct spaces *spaces)
{
    u32 i = 0;
    int made = 0;
    struct res *res;

    while ((res = table_next(spaces->table, &i)) != NULL) {
        struct space_entry *e = (void *)res;

        if (!plate_wanted(e) || e->plate != RID_NONE)
            continue;
        int err = plate_make(p, NULL, e);

        if (err < 0)
            return err;
        made++;
    }
    return made;
}

int
enable_new_spaces(struct plates *p)
{
    int err = park_regions(p);

    if (err < 0)
        return err;
    int kernel = make_plates(p, p->vk);

    if (kernel < 0)
        return kernel;
    int user = make_plates(p, p->vu);

    return user < 0 ? user : kernel + user;
}

static int
unmake_all(struct plates *p)
{
    u32 i = 0;
    int unmade = 0;
    struct res *res;

    while ((res = table_next(&p->head->table, &i)) != NULL) {
        plate_unmake(p, (void *)res);
        unmade++;
    }
    return unmade;
}

// Regions parked for a save that will not be.
static void
unpark_regions(struct plates *p)
{
    u32 i = 0;
    struct res *res;

    while ((res = table_next(p->vk->table, &i)) != NULL) {
        const struct space_entry *e = (const void *)res;

        if (e->flags & SPACE_PARKED)
            gate_delete(p->gate, res->id);
    }
}

static void
give_up(struct plates *p)
{
    plate_free_pending(p);
    p->head->enabled = 0;
    put_back_programs(p);
    unpark_regions(p);
}

static void
say_enabled(const struct plates *p, u64 start, u64 disk_us, u32 requests)
{
    u64 us = machine_now_us() - start;
    struct system_status status;

    memset(&status, 0, sizeof(status));
    status_fill(p, &status);
    say("tender: enabled: %u plates, %u save areas, %u pages, %u us, "
        "disk %u us in %u requests\n",
        status.plates, status.save_areas, status.plate_pages, (u32)us,
        (u32)(plate_disk_us(p) - disk_us), plate_disk_requests(p) - requests);
}

int
enable(struct plates *p)
{
    if (p->store == NULL)
        return E_STORE;
    if (p->head->enabled)
        return E_OCC_ON;
    u64 start = machine_now_us();
    u64 disk_us = plate_disk_us(p);
    u32 requests = plate_disk_requests(p);

    int err = p->store->begin(p);

    if (err < 0)
        return err;
    replace_programs(p);
    int made = enable_new_spaces(p);

    if (made < 0) {
        p->store->abandon(p);
        unmake_all(p);
        give_up(p);
        return made;
    }
    p->head->enabled = 1;
    err = p->store->fill(p);
    if (err < 0) {
        p->store->abandon(p);
        unmake_all(p);
        give_up(p);
        return err;
    }
    say_enabled(p, start, disk_us, requests);
    return made;
}

// The saves are given up before what they name.
int
disable(struct plates *p)
{
    if (!p->head->enabled)
        return E_OCC_OFF;
    int err = p->store->forget(p);

    if (err < 0)
        return err;
    int unmade = unmake_all(p);

    give_up(p);
    return unmade;
}
