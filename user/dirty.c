// dirty.c -- write to a known number of pages, then ask for a save, and again
//
//   dirty [PAGES] [ROUNDS]      256 pages, 8 rounds
//
// Each round prints what the save copied and how long it took: the cost of a
// save against the amount of change.
#include "tender.h"

static int
round(volatile u32 *memory, u32 pages, u32 number)
{
    struct system_status status;

    for (u32 i = 0; i < pages; i++)
        memory[i * (PAGE_SIZE / 4)] = mix(number, i);
    int result = system_save();

    if (result < 0) {
        print("dirty: the save was refused: %s.\n", error_sentence(result));
        return 1;
    }
    system_status(&status);
    print("dirty: %u pages written, %u copied, %u of tables, %u us%s\n", pages,
          status.save_pages, status.save_table_pages, status.save_us,
          result == 1 ? " (restored)" : "");
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
    u32 pages = argument(argc, argv, 1, 1, 256);
    u32 rounds = argument(argc, argv, 2, 1, 8);
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
        if (round(memory, pages, i) != 0)
            return 1;
    return 0;
}
