// dirty.c -- write to a known number of pages, then ask for a save, and again
//
//   dirty [PAGES] [ROUNDS] [unsaved]      256 pages, 8 rounds
//
// With "unsaved" it asks for none and waits a second instead: somebody outside
// may save the machine then.
//
// Each round prints what the save copied and how long it took: the cost of a
// save against the amount of change.
#include "tender.h"

#define UNSAVED_MS 1000u

static int
save(u32 pages)
{
    struct system_status status;
    int result = system_save();

    if (result < 0) {
        print("dirty: the save was refused: %s.\n", error_sentence(result));
        return 1;
    }
    system_status(&status);
    print("dirty: %u pages written, %u copied, %u of tables, %u us%s\n", pages,
          status.save_pages, status.save_table_pages, status.save_us,
          result == 1 ? " (restored)" : "");
    return 0;
}

static int
wait_unsaved(u32 pages)
{
    print("dirty: %u pages written, not saved\n", pages);
    sleep_ms(UNSAVED_MS);
    return 0;
}

static int
round(volatile u32 *memory, u32 pages, u32 number, int unsaved)
{
    for (u32 i = 0; i < pages; i++)
        memory[i * (PAGE_SIZE / 4)] = mix(number, i);
    if ((unsaved ? wait_unsaved(pages) : save(pages)) != 0)
        return 1;
    for (u32 i = 0; i < pages; i++)
        if (memory[i * (PAGE_SIZE / 4)] != mix(number, i)) {
            print("dirty: WRONG word in page %u\n", i);
            return 1;
        }
    return 0;
}

int
main(int argc, char **argv)
{
    int unsaved = argc > 1 && text_equal(argv[argc - 1], "unsaved");
    u32 pages = argument(argc - unsaved, argv, 1, 1, 256);
    u32 rounds = argument(argc - unsaved, argv, 2, 1, 8);
    int region = region_create(NULL, pages * PAGE_SIZE);
    int space =
        region < 0 ? region : vuspace_attach(NULL, (rid)region, 0, VU_WRITABLE);

    if (space < 0) {
        print("dirty: no memory of %u pages: %s.\n", pages,
              error_sentence(space));
        return 1;
    }
    volatile u32 *memory = vuspace_address((rid)space);

    for (u32 i = 1; i <= rounds; i++)
        if (round(memory, pages, i, unsaved) != 0)
            return 1;
    return 0;
}
