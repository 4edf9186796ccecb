// options.c -- the kernel command line
#include "tender/options.h"

#include "tender/error.h"
#include "tender/text.h"

struct choice {
    const char *option;
    const char *value;
    int number;
};

static const struct choice choices[] = {
    {"nv", "auto", NV_AUTO},
    {"nv", "cold", NV_COLD},
    {"nv", "restore", NV_RESTORE},
    {"nv", "continue", NV_CONTINUE},
    {"plate", "nv", PLATE_NV},
    {"plate", "disk", PLATE_DISK},
    {"plate", "off", PLATE_OFF},
    {"occ", "on", 1},
    {"occ", "off", 0},
};

static void
set(struct options *options, const struct choice *choice)
{
    if (text_equal(choice->option, "nv"))
        options->nv = (enum nv_option)choice->number;
    else if (text_equal(choice->option, "plate"))
        options->plate = (enum plate_option)choice->number;
    else
        options->occ = choice->number;
}

// One word, split at its '='.
static int
read_word(struct options *options, const char *option, const char *value,
          char *wrong, u32 size)
{
    int known = 0;

    if (text_equal(option, "run")) {
        if (value[0] == '/' && text_length(value) < sizeof(options->run)) {
            text_copy(options->run, value, sizeof(options->run));
            return 0;
        }
        known = 1;
    }
    for (u32 i = 0; i < ARRAY_LEN(choices); i++) {
        if (!text_equal(choices[i].option, option))
            continue;
        known = 1;
        if (text_equal(choices[i].value, value)) {
            set(options, &choices[i]);
            return 0;
        }
    }
    if (known)
        text_format(wrong, size,
                    "the kernel option %s=%s has a value that is not known "
                    "(nv=auto|cold|restore|continue, plate=nv|disk|off, "
                    "occ=on|off, run=/PATH)",
                    option, value);
    else
        text_format(wrong, size,
                    "the kernel option %s is not known (there are nv=, "
                    "plate=, occ= and run=)",
                    option);
    return E_ARGUMENT;
}

int
options_read(struct options *options, const char *line, char *wrong,
             u32 wrong_size)
{
    char text[64];

    *options = (struct options){NV_AUTO, PLATE_NV, 0, "/bin/init"};
    for (int first = 1;; first = 0) {
        u32 length = 0;
        char *value = text;

        while (*line == ' ')
            line++;
        if (*line == 0)
            return 0;
        for (; *line != 0 && *line != ' '; line++)
            if (length + 1 < sizeof(text))
                text[length++] = *line;
        text[length] = 0;
        if (first && text[0] == '/')
            continue;
        while (*value != 0 && *value != '=')
            value++;
        if (*value == '=')
            *value++ = 0;
        int err = read_word(options, text, value, wrong, wrong_size);

        if (err < 0)
            return err;
    }
}
