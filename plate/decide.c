// decide.c -- the boot decision: cold start, continue, restore or refuse
//
// Whatever it finds, state is never given up unless nv=cold asks for it or
// there is none: no root, or a power cut before the first save.
#include "plate/decide.h"

#include "plate/slot.h"
#include "tender/crc.h"
#include "tender/machine.h"
#include "tender/page_sum.h"
#include "tender/ram.h"
#include "tender/text.h"

void
decide_as(struct decision *d, enum outcome outcome, const char *format, ...)
{
    va_list list;

    d->outcome = outcome;
    va_start(list, format);
    text_vformat(d->why, sizeof(d->why), format, list);
    va_end(list);
}

static void
refuse(struct decision *d, const char *what, const char *hint)
{
    decide_as(d, OUTCOME_REFUSE, "%s; %s", what, hint);
}

// What is wrong with a clean shutdown's state, or NULL.
static const char *
shutdown_check(const struct layout *layout, const struct nv_root *root)
{
    const struct nv_shutdown *shutdown = ram_at(layout->shutdown_pa);

    if (shutdown->magic != NV_CPU_MAGIC ||
        shutdown->crc != crc_add(0, &shutdown->cpu, sizeof(shutdown->cpu)))
        return "the processor state of the shutdown is damaged";
    if (shutdown->boots != root->boots)
        return "the processor state is of another shutdown";
    if (shutdown->cpu.cr3 == 0)
        return "the processor state of the shutdown is empty";
    if (shutdown->tables_crc != slot_live_crc(layout))
        return "a management table is damaged (the checksum does not fit)";
    return NULL;
}

static void
decide_continue(struct decision *d, const struct layout *layout,
                const struct nv_root *root)
{
    const char *wrong = shutdown_check(layout, root);

    if (wrong != NULL) {
        refuse(d, wrong,
               root->commit != 0
                   ? "nv=restore goes back to the last save instead"
                   : COLD_HINT);
        return;
    }
    decide_as(d, OUTCOME_CONTINUE, "the termination flag is normal");
}

// The newest save is damaged: is the one before it still whole?
static void
fall_back(struct decision *d, const struct layout *layout, u32 build,
          const struct nv_root *root, u32 newest, const char *wrong)
{
    u32 older = root_generation(root->previous);

    if (older == 0 || older == -1u || older + 1 != newest) {
        decide_as(d, OUTCOME_REFUSE,
                  "save %u cannot be restored: %s; the save before it is no "
                  "longer whole; " COLD_HINT,
                  newest, wrong);
        return;
    }
    const char *also = slot_check(layout, build, older);

    if (also != NULL) {
        decide_as(
            d, OUTCOME_REFUSE,
            "save %u cannot be restored: %s; nor can save %u: %s; " COLD_HINT,
            newest, wrong, older, also);
        return;
    }
    d->generation = older;
    d->mend_commit = 1;
    decide_as(
        d, OUTCOME_RESTORE,
        "the termination flag is abnormal; save %u is damaged: %s; save %u "
        "before it is whole",
        newest, wrong, older);
}

// The commit word is damaged and the person at the keyboard wants a save: the
// newest slot that is whole.  At worst it is one whose commit word was just
// about to be stored, and its pages all lie there.
static void
restore_newest_whole(struct decision *d, const struct layout *layout, u32 build)
{
    u32 a = slot_at(layout, 0)->generation;
    u32 b = slot_at(layout, 1)->generation;
    u32 order[2] = {MAX(a, b), MIN(a, b)};

    for (int i = 0; i < 2; i++) {
        if (order[i] == 0 || slot_check(layout, build, order[i]) != NULL)
            continue;
        d->generation = order[i];
        d->mend_commit = 1;
        decide_as(
            d, OUTCOME_RESTORE,
            "the commit word is damaged and nv=restore was asked for; save "
            "%u is the newest whole one",
            order[i]);
        return;
    }
    refuse(d, "the commit word is damaged and no slot is whole", COLD_HINT);
}

static void
decide_restore(struct decision *d, const struct layout *layout, u32 build,
               const struct nv_root *root, enum nv_option wish)
{
    u32 newest = root_generation(root->commit);

    if (newest == -1u && wish == NV_RESTORE) {
        restore_newest_whole(d, layout, build);
        return;
    }
    if (newest == -1u) {
        refuse(d, "the commit word is damaged (its parity does not fit)",
               "nv=restore takes the newest save that is whole");
        return;
    }
    if (newest == 0 && wish == NV_RESTORE) {
        refuse(d, "nv=restore was asked for and there is no save",
               "boot with nv=auto");
        return;
    }
    if (newest == 0) {
        decide_as(
            d, OUTCOME_COLD,
            "the power was cut before any save was made; there is nothing "
            "to restore");
        return;
    }
    const char *wrong = slot_check(layout, build, newest);

    if (wrong != NULL) {
        fall_back(d, layout, build, root, newest, wrong);
        return;
    }
    d->generation = newest;
    decide_as(
        d, OUTCOME_RESTORE, "the termination flag is %s; save %u is whole",
        root->flag == FLAG_ABNORMAL ? "abnormal"
        : root->flag == FLAG_NORMAL ? "normal but nv=restore was asked for"
                                    : "damaged and nv=restore was asked for",
        newest);
}

static void
decide_by_flag(struct decision *d, const struct layout *layout, u32 build,
               const struct nv_root *root, enum nv_option wish)
{
    if (root->flag != FLAG_NORMAL && root->flag != FLAG_ABNORMAL &&
        wish != NV_RESTORE) {
        refuse(d, "the termination flag is damaged",
               root->commit != 0 ? "nv=restore goes back to the last save"
                                 : COLD_HINT);
        return;
    }
    if (wish == NV_CONTINUE && root->flag != FLAG_NORMAL) {
        refuse(d,
               "nv=continue was asked for and the last stop was not a shutdown",
               "nv=auto restores the last save, if there is one");
        return;
    }
    if (root->flag == FLAG_NORMAL && wish != NV_RESTORE)
        decide_continue(d, layout, root);
    else
        decide_restore(d, layout, build, root, wish);
}

void
decide(struct decision *d, const struct layout *layout, u32 build,
       enum nv_option wish)
{
    const struct nv_root *root = root_at();
    char wrong[200];

    memset(d, 0, sizeof(*d));
    if (wish == NV_COLD) {
        decide_as(d, OUTCOME_COLD, "nv=cold was asked for");
        return;
    }
    if (root->magic == 0) {
        const char *none = page_is_zero(root)
                               ? "there is no root in NV memory"
                               : "a cold start was cut before it was complete";

        if (wish == NV_AUTO)
            decide_as(d, OUTCOME_COLD, "%s", none);
        else
            decide_as(
                d, OUTCOME_REFUSE,
                "%s, so there is nothing to continue or restore; boot with "
                "nv=auto",
                none);
        return;
    }
    if (root_check(root, layout->memory_pages, build, wrong, sizeof(wrong)) <
        0) {
        refuse(d, wrong, COLD_HINT);
        return;
    }
    decide_by_flag(d, layout, build, root, wish);
}
