// nvcheck.c -- check the state in a file of NV memory
//
// What is no state (a slot that nobody names, tables of a run that was cut) is
// described but not held against the file.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "plate/check.h"
#include "plate/decide.h"
#include "plate/slot.h"
#include "tender/ram.h"

struct report {
    struct image image;
    int problems;
};

static void __attribute__((format(printf, 1, 2))) note(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    putchar('\n');
}

static void __attribute__((format(printf, 2, 3)))
problem(struct report *report, const char *format, ...)
{
    va_list list;

    report->problems++;
    printf("PROBLEM: ");
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    putchar('\n');
}

// A fresh file has no root, and neither has one whose cold start was cut.
static int
is_fresh(const struct nv_root *root)
{
    return root->magic == 0;
}

static void
check_root(struct report *report)
{
    const struct nv_root *root = root_at();
    char wrong[200];

    if (is_fresh(root)) {
        note("root: none");
        return;
    }
    if (root_check(root, report->image.pages, root->build, wrong,
                   sizeof(wrong)) < 0)
        problem(report, "root: %s", wrong);
    else if (!report->image.laid_out)
        problem(report, "root: its limits leave no room in this memory");
    if (!report->image.laid_out)
        return;
    note("root: kernel build %08x, %u MiB, boot %u, flag %s", root->build,
         root->memory_pages / 256, root->boots,
         root->flag == FLAG_NORMAL     ? "normal"
         : root->flag == FLAG_ABNORMAL ? "abnormal"
                                       : "damaged");
}

// The words that change carry what makes a flipped bit visible.
static void
check_words(struct report *report)
{
    const struct nv_root *root = root_at();
    u32 commit = root_generation(root->commit);
    u32 previous = root_generation(root->previous);

    if (root->flag != FLAG_NORMAL && root->flag != FLAG_ABNORMAL)
        problem(report, "root: the termination flag is damaged (0x%08x)",
                root->flag);
    if (commit == -1u)
        problem(report, "root: the commit word is damaged (0x%08x)",
                root->commit);
    if (previous == -1u)
        problem(report,
                "root: the word of the previous save is damaged "
                "(0x%08x)",
                root->previous);
    else if (commit != -1u && previous != 0 && previous != commit &&
             previous + 1 != commit) // equal: cut while passing a save over
        problem(report, "root: save %u cannot be the one before save %u",
                previous, commit);
    for (u32 i = 0; i < ARRAY_LEN(root->padding); i++)
        if (root->padding[i] != 0) {
            problem(report, "root: the padding is not 0");
            return;
        }
}

// What a boot would do.  What is behind a refusal is counted only if nothing
// else tells it.
static void
tell_decision(struct report *report, const struct decision *decision)
{
    switch (decision->outcome) {
    case OUTCOME_COLD:
        note("boot: would start cold: %s", decision->why);
        break;
    case OUTCOME_CONTINUE:
        note("boot: would continue from the shutdown: %s", decision->why);
        break;
    case OUTCOME_RESTORE:
        note("boot: would restore save %u: %s", decision->generation,
             decision->why);
        break;
    default:
        note("boot: would refuse: %s", decision->why);
        if (report->problems == 0)
            report->problems = 1;
    }
}

// The first thing wrong with the tables at these addresses, or NULL.
static const char *
wrong_tables(const struct report *report, const u32 table_pa[BOOTSTRAP_TABLES],
             u32 generation)
{
    const struct image *image = &report->image;
    static struct bootstrap b;
    struct layout view;
    u8 *scratch = calloc(image->pages, 1);

    if (scratch == NULL)
        return "there is no memory to check them";
    image_view(image, table_pa, &view);
    bootstrap_attach(&b, &view, &image->limits, root_at()->build, NULL, NULL);
    const char *wrong = check_tables(&b.plates, scratch);

    free(scratch);
    if (wrong != NULL || generation == 0)
        return wrong;
    if (b.plates.head->enabled != 1)
        return "continuous-operation control is not enabled in them";
    if (b.plates.head->generation != generation)
        return "their generation is not that of the slot";
    return NULL;
}

// Which word of the root names the save in a slot, or NULL.
static const char *
named_by(u32 slot)
{
    const struct nv_root *root = root_at();
    u32 commit = root_generation(root->commit);
    u32 previous = root_generation(root->previous);

    if (commit != 0 && commit != -1u && (commit & 1) == slot)
        return "the newest save";
    if (previous != 0 && previous != -1u && (previous & 1) == slot)
        return "the save before";
    return NULL;
}

static void
check_unnamed(struct report *report, u32 slot)
{
    const struct layout *layout = &report->image.layout;
    u32 generation = slot_at(layout, slot)->generation;
    const char *wrong = "its header belongs into the other slot";

    if (slot_at(layout, slot)->magic == 0)
        wrong = "no save was written into it yet";
    else if ((generation & 1) == slot)
        wrong = slot_check(layout, root_at()->build, generation);
    if (wrong == NULL)
        wrong = wrong_tables(report, layout->slot_table_pa[slot], generation);
    if (wrong != NULL)
        note("slot %u: not in use (%s)", slot, wrong);
    else
        note("slot %u: not in use; it is whole and holds save %u", slot,
             generation);
}

static void
check_slot(struct report *report, u32 slot)
{
    const struct layout *layout = &report->image.layout;
    const struct nv_root *root = root_at();
    const char *name = named_by(slot);

    if (name == NULL) {
        check_unnamed(report, slot);
        return;
    }
    u32 generation = root_generation(root->commit);

    if ((generation & 1) != slot || generation == -1u)
        generation = root_generation(root->previous);
    const char *wrong = slot_check(layout, root->build, generation);

    if (wrong != NULL) {
        problem(report, "slot %u: %s, %u, is damaged: %s", slot, name,
                generation, wrong);
        return;
    }
    wrong = wrong_tables(report, layout->slot_table_pa[slot], generation);
    if (wrong != NULL)
        problem(report,
                "slot %u: the tables of save %u contradict each other: "
                "%s",
                slot, generation, wrong);
    else
        note("slot %u: %s, %u, is whole and its tables are in order", slot,
             name, generation);
}

// After a shutdown the live tables are the state.
static void
check_live(struct report *report, const struct decision *decision)
{
    const char *wrong;

    if (root_at()->flag != FLAG_NORMAL) {
        note("live tables: of a run that was cut; not in use");
        return;
    }
    if (decision->outcome != OUTCOME_CONTINUE) {
        problem(report, "live tables: not checked, as the shutdown's state is "
                        "damaged");
        return;
    }
    wrong = wrong_tables(report, report->image.layout.table_pa, 0);
    if (wrong != NULL)
        problem(report, "live tables: they contradict each other: %s", wrong);
    else
        note("live tables: in order, as the shutdown left them");
}

static void
check_all(struct report *report)
{
    const struct image *image = &report->image;
    struct layout machine = image->layout; // as the whole file would be
    struct decision decision;

    machine.memory_pages = image->pages;
    check_root(report);
    if (!is_fresh(root_at()) && !image->laid_out) {
        note("boot: would refuse; slots and tables cannot be found");
        return;
    }
    decide(&decision, &machine, root_at()->build, NV_AUTO);
    if (is_fresh(root_at())) {
        tell_decision(report, &decision);
        return;
    }
    check_words(report);
    check_slot(report, 0);
    check_slot(report, 1);
    check_live(report, &decision);
    tell_decision(report, &decision);
}

int
main(int words, char **word)
{
    struct report report = {.problems = 0};

    if (words != 2 || word[1][0] == '-') {
        fprintf(stderr,
                "usage: tools/nvcheck FILE\n"
                "\n"
                "Checks the state in a file of NV memory, and tells what "
                "the next boot would do.\n"
                "Exits with 0 if it is sound, 1 if not, 2 if FILE is no "
                "NV memory.\n");
        return IMAGE_UNREADABLE;
    }
    image_open(&report.image, "nvcheck", word[1]);
    check_all(&report);
    if (report.problems == 0) {
        printf("nvcheck: %s is sound\n", word[1]);
        return IMAGE_SOUND;
    }
    printf("nvcheck: %s: %d problem%s\n", word[1], report.problems,
           report.problems == 1 ? "" : "s");
    return IMAGE_PROBLEMS;
}
