// line.c -- type a line: echo, editing, history
//
//   left, right, Home, End (also Ctrl-A, Ctrl-E)   move
//   backspace, Delete                              take a character away
//   up, down                                       earlier and later lines
//   Ctrl-U                                         empty the line
//   Ctrl-C                                         give the line up
//   Ctrl-L                                         draw the line again
//
// A machine that went on after a power cut may have lost its terminal's
// picture: the first key after it draws prompt and line again.
#include "tender.h"

#define CONTROL(letter) ((letter) - '@')
#define ESCAPE 27
#define BACKSPACE 8
#define RUBOUT 127

// Keys that are several characters; numbers no character has.
enum key {
    KEY_NONE = 256,
    KEY_UP,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_HOME,
    KEY_END,
    KEY_DELETE
};

// Draw the whole line and put the cursor where it belongs, in one write.
static void
draw(const struct line_editor *editor)
{
    char text[LINE_BYTES + 128];
    u32 behind = editor->length - editor->cursor;
    u32 length = text_format(text, sizeof(text), "\r%s%s\033[K", editor->prompt,
                             editor->line);

    if (behind != 0)
        length += text_format(text + length, sizeof(text) - length, "\033[%uD",
                              behind);
    console_write(text, length);
}

static u32
boots(void)
{
    struct system_status status;

    system_status(&status);
    return status.boots;
}

static int
read_character(void)
{
    char c;
    int result = console_read(&c, 1);

    return result < 0 ? result : (u8)c;
}

// The rest of a key that began with ESC.
static int
read_escape(void)
{
    u32 number = 0;
    int c = read_character();

    if (c != '[' && c != 'O')
        return c < 0 ? c : KEY_NONE;
    for (c = read_character(); c >= '0' && c <= ';'; c = read_character())
        number = number * 10 + (u32)(c - '0');
    switch (c) {
    case 'A':
        return KEY_UP;
    case 'B':
        return KEY_DOWN;
    case 'C':
        return KEY_RIGHT;
    case 'D':
        return KEY_LEFT;
    case 'H':
        return KEY_HOME;
    case 'F':
        return KEY_END;
    case '~':
        return number == 3   ? KEY_DELETE
               : number == 1 ? KEY_HOME
               : number == 4 ? KEY_END
                             : KEY_NONE;
    }
    return c < 0 ? c : KEY_NONE;
}

static int
read_key(void)
{
    int c = read_character();

    return c == ESCAPE ? read_escape() : c;
}

// Echoing just the character at the end of the line keeps what a serial
// log shows readable.
static void
insert(struct line_editor *editor, char c)
{
    u32 at = editor->cursor;

    if (editor->length + 1 >= LINE_BYTES) {
        console_write("\a", 1);
        return;
    }
    memmove(editor->line + at + 1, editor->line + at, editor->length + 1 - at);
    editor->line[at] = c;
    editor->length++;
    editor->cursor++;
    if (editor->cursor == editor->length)
        console_write(&c, 1);
    else
        draw(editor);
}

// Take away the character before the cursor.
static void
erase(struct line_editor *editor)
{
    u32 at = editor->cursor;

    if (at == 0)
        return;
    memmove(editor->line + at - 1, editor->line + at, editor->length + 1 - at);
    editor->length--;
    editor->cursor--;
    if (editor->cursor == editor->length)
        console_write("\b \b", 3);
    else
        draw(editor);
}

static void
replace(struct line_editor *editor, const char *line)
{
    text_copy(editor->line, line, LINE_BYTES);
    editor->length = text_length(editor->line);
    editor->cursor = editor->length;
}

static void
move(struct line_editor *editor, u32 cursor)
{
    editor->cursor = MIN(cursor, editor->length);
    draw(editor);
}

const char *
line_history(const struct line_editor *editor, u32 back)
{
    if (back == 0 || back > MIN(editor->lines, LINE_HISTORY))
        return NULL;
    return editor->history[(editor->lines - back) % LINE_HISTORY];
}

static void
show_history(struct line_editor *editor, u32 back)
{
    if (back != 0 && line_history(editor, back) == NULL)
        return;
    if (editor->shown == 0)
        text_copy(editor->draft, editor->line, LINE_BYTES);
    editor->shown = back;
    replace(editor, back == 0 ? editor->draft : line_history(editor, back));
    draw(editor);
}

static void
remember(struct line_editor *editor)
{
    const char *last = line_history(editor, 1);

    if (editor->length == 0 || (last != NULL && text_equal(last, editor->line)))
        return;
    text_copy(editor->history[editor->lines % LINE_HISTORY], editor->line,
              LINE_BYTES);
    editor->lines++;
}

static void
start_line(struct line_editor *editor)
{
    replace(editor, "");
    editor->shown = 0;
    console_write(editor->prompt, text_length(editor->prompt));
}

// Do what a key says.  Returns 1 when the line is finished.
static int
handle(struct line_editor *editor, int key)
{
    switch (key) {
    case '\r':
    case '\n':
        console_write("\n", 1);
        return 1;
    case BACKSPACE:
    case RUBOUT:
        erase(editor);
        break;
    case KEY_DELETE:
        if (editor->cursor < editor->length) {
            editor->cursor++;
            erase(editor);
        }
        break;
    case CONTROL('C'):
        console_write("^C\n", 3);
        start_line(editor);
        break;
    case CONTROL('U'):
        replace(editor, "");
        draw(editor);
        break;
    case CONTROL('L'):
        draw(editor);
        break;
    case CONTROL('A'):
    case KEY_HOME:
        move(editor, 0);
        break;
    case CONTROL('E'):
    case KEY_END:
        move(editor, editor->length);
        break;
    case KEY_LEFT:
        if (editor->cursor > 0)
            move(editor, editor->cursor - 1);
        break;
    case KEY_RIGHT:
        move(editor, editor->cursor + 1);
        break;
    case KEY_UP:
        show_history(editor, editor->shown + 1);
        break;
    case KEY_DOWN:
        if (editor->shown > 0)
            show_history(editor, editor->shown - 1);
        break;
    default:
        if (key >= ' ' && key < RUBOUT)
            insert(editor, (char)key);
    }
    return 0;
}

void
line_init(struct line_editor *editor, const char *prompt)
{
    memset(editor, 0, sizeof(*editor));
    editor->prompt = prompt;
}

int
line_read(struct line_editor *editor)
{
    editor->boots = boots();
    start_line(editor);
    for (;;) {
        int key = read_key();

        if (key < 0)
            return key;
        if (boots() != editor->boots) {
            editor->boots = boots();
            draw(editor);
        }
        if (handle(editor, key))
            break;
    }
    remember(editor);
    return (int)editor->length;
}
