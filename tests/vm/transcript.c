// transcript.c -- all a console showed, in memory and in a file with times
#include "transcript.h"

#include <stdlib.h>
#include <string.h>

static void *
grow(void *array, size_t *room, size_t wanted, size_t each)
{
    while (*room < wanted)
        *room = *room * 2 + 1024;
    array = realloc(array, *room * each);
    if (array == NULL)
        abort();
    return array;
}

void
transcript_open(struct transcript *t, const char *path)
{
    memset(t, 0, sizeof(*t));
    t->text = grow(NULL, &t->room, 1, 1);
    t->text[0] = 0;
    t->file = fopen(path, "w");
    if (t->file == NULL) {
        perror(path);
        exit(1);
    }
}

void
transcript_close(struct transcript *t)
{
    fclose(t->file);
    free(t->text);
    free(t->arrival);
}

static void
end_line(struct transcript *t)
{
    if (t->mid_line)
        fputc('\n', t->file);
    t->mid_line = false;
}

void
transcript_boot(struct transcript *t, double at)
{
    t->boot_at = at;
    t->state = PLAIN;
    if (t->length > 0 && t->text[t->length - 1] != '\n') {
        t->text = grow(t->text, &t->room, t->length + sizeof(CUT_LINE) + 1, 1);
        strcpy(t->text + t->length, CUT_LINE "\n");
        t->length += strlen(CUT_LINE) + 1;
    }
    end_line(t);
    fprintf(t->file, "--- boot %d\n", ++t->boots);
}

void
transcript_note(struct transcript *t, const char *note)
{
    end_line(t);
    fprintf(t->file, "--- %s\n", note);
    fflush(t->file);
}

static void
put(struct transcript *t, char c, double at)
{
    t->text[t->length++] = c;
    if (!t->mid_line)
        fprintf(t->file, "[%8.3f] ", at - t->boot_at);
    t->mid_line = c != '\n';
    fputc(c, t->file);
}

static void
put_filtered(struct transcript *t, char c, double at)
{
    if (t->state == SEQUENCE) {
        if (c >= '@' && c <= '~')
            t->state = PLAIN;
        return;
    }
    if (t->state == ESCAPE) {
        t->state = c == '[' ? SEQUENCE : PLAIN;
        return;
    }
    if (t->state == CARRIAGE_RETURN && c != '\n' && c != '\r' &&
        t->length > 0 && t->text[t->length - 1] != '\n')
        put(t, '\n', at);
    if (c == '\r')
        t->state = CARRIAGE_RETURN;
    else if (c == '\033')
        t->state = ESCAPE;
    else
        t->state = PLAIN;
    if (c == '\n' || c == '\t' || (c & 0xe0) != 0)
        put(t, c, at);
}

void
transcript_add(struct transcript *t, const char *bytes, size_t length,
               double at)
{
    // Each byte may bring a newline along; one more, and the 0.
    t->text = grow(t->text, &t->room, t->length + 2 * length + 2, 1);
    for (size_t i = 0; i < length; i++)
        put_filtered(t, bytes[i], at);
    t->text[t->length] = 0;
    t->arrival = grow(t->arrival, &t->arrival_room, t->arrivals + 1,
                      sizeof(*t->arrival));
    t->arrival[t->arrivals++] = (struct arrival){t->length, at};
    fflush(t->file);
}

double
transcript_when(const struct transcript *t, size_t place)
{
    for (size_t i = t->arrivals; i-- > 0;)
        if (i == 0 || t->arrival[i - 1].end <= place)
            return t->arrival[i].at;
    return t->boot_at;
}
