// error.c -- the sentence of every error
#include "tender/error.h"
#include "tender/types.h"

const char *
error_sentence(int error)
{
    static const struct {
        int number;
        const char *sentence;
    } list[] = {
#define E(name, number, sentence) {number, sentence},
        ERROR_LIST(E)
#undef E
    };

    for (u32 i = 0; i < ARRAY_LEN(list); i++)
        if (list[i].number == error)
            return list[i].sentence;
    return "an error without a sentence";
}
