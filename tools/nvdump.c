// nvdump.c -- print what is in a file of NV memory
#include <stdio.h>
#include <string.h>

#include "image.h"
#include "plate/dump.h"

static int
misuse(void)
{
    fprintf(
        stderr,
        "usage: tools/nvdump FILE [PART]\n"
        "\n"
        "  root              the root\n"
        "  slots             the state of the last shutdown, and both slots\n"
        "  tables live       the bootstrap tables as they are\n"
        "  tables 0|1        those that were saved in a slot\n"
        "\n"
        "Without PART: the root, the slots and the live tables.  FILE is not "
        "changed.\n");
    return IMAGE_UNREADABLE;
}

static void
put_line(void *state, const char *text)
{
    (void)state;
    puts(text);
}

static const struct dump dump = {put_line, NULL};

static void
dump_slots(const struct image *image)
{
    dump_shutdown(&dump, &image->layout);
    dump_slot(&dump, &image->layout, 0);
    dump_slot(&dump, &image->layout, 1);
}

static void
dump_chosen(const struct image *image, const char *which)
{
    const struct layout *layout = &image->layout;

    if (strcmp(which, "live") == 0) {
        printf("live tables\n");
        dump_tables(&dump, layout->table_pa, &image->limits);
    } else {
        int slot = which[0] - '0';

        printf("tables of slot %d\n", slot);
        dump_tables(&dump, layout->slot_table_pa[slot], &image->limits);
    }
}

static int
known(int words, char **word)
{
    const char *which = words == 4 ? word[3] : "live";

    if (words < 2 || words > 4 || word[1][0] == '-')
        return 0;
    if (words == 2)
        return 1;
    if (strcmp(word[2], "tables") == 0)
        return strcmp(which, "live") == 0 || strcmp(which, "0") == 0 ||
               strcmp(which, "1") == 0;
    return words == 3 &&
           (strcmp(word[2], "root") == 0 || strcmp(word[2], "slots") == 0);
}

int
main(int words, char **word)
{
    struct image image;

    if (!known(words, word))
        return misuse();
    const char *part = words > 2 ? word[2] : "all";
    int all = words == 2;

    image_open(&image, "nvdump", word[1]);
    if (all || strcmp(part, "root") == 0)
        dump_root(&dump);
    if (strcmp(part, "root") == 0)
        return IMAGE_SOUND;
    if (!image.laid_out) {
        printf("There is no whole root, so nobody knows where slots and tables "
               "lie.\n");
        return IMAGE_PROBLEMS;
    }
    if (all || strcmp(part, "slots") == 0)
        dump_slots(&image);
    if (all || strcmp(part, "tables") == 0)
        dump_chosen(&image, words == 4 ? word[3] : "live");
    return IMAGE_SOUND;
}
