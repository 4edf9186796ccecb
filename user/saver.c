// saver.c -- a program that asks for saves itself
//
//   saver [N] [MS]      N saves (5), MS milliseconds apart (1000)
#include "tender.h"

int
main(int argc, char **argv)
{
    u32 count = argument(argc, argv, 1, 0, 5);
    u32 ms = argument(argc, argv, 2, 0, 1000);

    for (u32 i = 1; i <= count; i++) {
        int result = system_save();

        if (result < 0) {
            print("saver: save %u of %u was refused: %s.\n", i, count,
                  error_sentence(result));
            return 1;
        }
        print("saver: %s run (%u of %u)\n", result == 0 ? "saved" : "restored",
              i, count);
        sleep_ms(ms);
    }
    return 0;
}
