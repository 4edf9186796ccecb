// save.c -- write-out of plates: the save
//
// Paper 002, figure 7.  The steps, with what must be durable before what:
//
//   1  occupy the system        no process, interrupt or transfer interferes
//   2  capture the processor    the restored run comes out of here again
//   3  gather, then plate-ize   dirty bits; nothing is created after this
//      new spaces
//   4  copy changed pages       into the area that is not the last good copy
//   5  copy changed tables      into the slot that is not committed
//   6  fence                    2-5 are durable
//   7  commit word              <-- the commit point, one aligned store
//   8  free what is pending     restore does it again
//   9  release the system
//
// A cut before 7 is durable restores the previous save: 4 and 5 wrote only
// what that one does not name.  A cut after it restores this one.  The word
// root.previous is cleared, durably, before 3 writes the first byte, because
// the save before the previous one does name what is overwritten now.  This is
// the NV store; steps 5-7 of the disk store are in disk_commit.c.
//
// Step 4 copies the kernel's data and the very stack it runs on while both are
// in use.  That is harmless: the restored run comes out of step 2, uses no local
// variable, and finds in the data nothing from steps 3-9 that save_completed()
// does not set right.
#include "plate/save.h"

#include "plate/enable.h"
#include "plate/slot.h"
#include "tender/crc.h"
#include "tender/machine.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"

static int
system_control(struct plates *p, u32 code)
{
    return gate_control(p->gate, KIND_ID(KIND_SYSTEM), code, 0, 0, 0);
}

static int
copy_plates(struct plates *p)
{
    u32 i = 0;
    int err = 0;
    struct res *res;

    while (err == 0 && (res = table_next(&p->head->table, &i)) != NULL)
        err = plate_copy_changed(p, (void *)res);
    return err;
}

// Steps 4-8.  Only a store on a disk can fail here.
static int
write_out(struct plates *p, u32 flag)
{
    u32 before = p->store->newest(p);
    u32 generation = p->head->generation + 1;

    p->head->generation = generation;
    int err = copy_plates(p);

    if (err == 0)
        err = p->store->commit(p, generation, flag);
    if (err < 0) {
        p->head->generation = generation - 1;
        return err;
    }
    p->store->settle(p, before, plate_free_pending(p));
    return 0;
}

// Steps 3-8, in figures. What programs wrote through page tables of their own is
// gathered before anything is copied, new plates included: the system is
// occupied and interrupts are off, so from here to the commit nobody but
// the kernel writes, and the kernel writes through the mappings that are looked
// at. A bit that is gathered goes into a page table, which no save has: a
// cut changes nothing about it, and after a refused save it is still there.
static int
write_out_measured(struct plates *p, u32 flag)
{
    u64 start = machine_now_us();
    u64 disk_us = plate_disk_us(p);
    u32 requests = plate_disk_requests(p);
    u32 copied = p->copied;

    int err = p->store->begin(p);

    if (err < 0)
        return err;
    plate_gather(p);
    err = enable_new_spaces(p);
    if (err >= 0)
        err = write_out(p, flag);
    if (err < 0)
        p->store->abandon(p);
    p->saved_pages = p->copied - copied;
    p->saved_us = (u32)(machine_now_us() - start);
    p->saved_disk_us = (u32)(plate_disk_us(p) - disk_us);
    p->saved_requests = plate_disk_requests(p) - requests;
    return err;
}

// The system runs on, and whatever was saved before still is.
static void
say_refused(const struct plates *p, int err)
{
    u32 newest = p->store->newest(p);

    if (newest == 0)
        say("tender: save refused: %s; there is no save yet\n",
            error_sentence(err));
    else
        say("tender: save refused: %s; save %u is still the newest\n",
            error_sentence(err), newest);
}

static void
say_saved(const struct plates *p)
{
    say("tender: saved %u: %u pages, %u table pages, %u bytes, %u us, "
        "disk %u us in %u requests\n",
        p->head->generation, p->saved_pages, p->saved_table_pages,
        (p->saved_pages + p->saved_table_pages) * PAGE_SIZE, p->saved_us,
        p->saved_disk_us, p->saved_requests);
}

static int
check_ready(const struct plates *p)
{
    if (!p->head->enabled)
        return E_OCC_OFF;
    return p->head->generation >= GENERATION_MAX ? E_TABLE : 0;
}

int
save(struct plates *p)
{
    int err = check_ready(p);

    if (err == 0)
        err = system_control(p, SYSTEM_OCCUPY);
    if (err < 0)
        return err;
    if (machine_capture(&p->cpu) != 0) {
        system_control(p, SYSTEM_RELEASE);
        return 1;
    }
    err = write_out_measured(p, FLAG_ABNORMAL);
    system_control(p, SYSTEM_RELEASE);
    if (err < 0)
        say_refused(p, err);
    else
        say_saved(p);
    return err;
}

// Does not return when it succeeds.
static int
shutdown_saved(struct plates *p, int reset)
{
    int enabled = (int)p->head->enabled;
    int err = enabled ? write_out_measured(p, FLAG_NORMAL) : 0;

    if (err < 0) {
        system_control(p, SYSTEM_RELEASE);
        say_refused(p, err);
        return err;
    }
    if (enabled)
        say("tender: shut down; the next boot restores save %u\n",
            p->head->generation);
    else
        say("tender: shut down; nothing is kept, because "
            "continuous-operation control is off\n");
    machine_stop(reset ? STOP_RESET : STOP_OFF);
}

// Memory is lost with the power: what is to go on must be saved first.
static int
shutdown_disk(struct plates *p, int reset)
{
    int err = p->head->enabled ? check_ready(p) : 0;

    if (err == 0)
        err = system_control(p, SYSTEM_OCCUPY);
    if (err < 0)
        return err;
    if (machine_capture(&p->cpu) != 0) {
        system_control(p, SYSTEM_RELEASE);
        return 1;
    }
    return shutdown_saved(p, reset);
}

// It is durable, and memory is what goes on: what is still stored lies in the dead
// part of this stack, the frame of the capture and below.
static _Noreturn void
stop_durable(int reset)
{
    static const char line[] =
        "tender: shut down; the next boot continues from here\n";

    machine_put_last(line, sizeof(line) - 1);
    machine_stop(reset ? STOP_RESET : STOP_OFF);
}

// Paper 002, figure 3.  The flag is the last store that counts: a cut before it
// is durable restores the last save; a cut after it continues from here, so only
// then is the shutdown acknowledged.
int
save_shutdown(struct plates *p, int reset)
{
    struct nv_shutdown *shutdown = ram_at(p->layout->shutdown_pa);

    if (p->disk != NULL)
        return shutdown_disk(p, reset);
    int err = system_control(p, SYSTEM_OCCUPY);

    if (err < 0)
        return err;
    if (machine_capture(&p->cpu) != 0) {
        system_control(p, SYSTEM_RELEASE);
        return 1;
    }
    say("tender: shutting down\n");
    memset(shutdown, 0, sizeof(*shutdown));
    shutdown->magic = NV_CPU_MAGIC;
    shutdown->boots = root_at()->boots;
    memcpy(&shutdown->cpu, &p->cpu, sizeof(shutdown->cpu));
    shutdown->tables_crc = slot_live_crc(p->layout);
    shutdown->crc = crc_add(0, &shutdown->cpu, sizeof(shutdown->cpu));
    machine_flush_all();
    root_set(&root_at()->flag, FLAG_NORMAL);
    stop_durable(reset);
}

void
save_completed(struct plates *p, u32 generation)
{
    ASSERT(p->head->enabled);
    ASSERT(p->head->generation == generation);
    plate_free_pending(p);
    p->store->restored(p, generation);
}
