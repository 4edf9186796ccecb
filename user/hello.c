// hello.c -- print the arguments: the smallest program
#include "tender.h"

int
main(int argc, char **argv)
{
    char line[512];
    u32 length = text_format(line, sizeof(line), "hello");

    for (int i = 1; i < argc; i++)
        length +=
            text_format(line + length, sizeof(line) - length, " %s", argv[i]);
    print("%s\n", line);
    return 0;
}
