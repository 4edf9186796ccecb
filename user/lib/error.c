// error.c -- the sentence of every error, as the kernel's list has it
#include "tender.h"

const char *
error_sentence(int error)
{
    switch (error) {
#define E(name, number, sentence)                                              \
    case name:                                                                 \
        return sentence;
        ERROR_LIST(E)
#undef E
    }
    return error < 0 ? "an error this program does not know" : "no error";
}
