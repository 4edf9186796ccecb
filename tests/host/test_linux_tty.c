// test_linux_tty.c -- does the terminal edit, echo, signal and wait as Linux does?
#include "linux/tty/termios.h"
#include "linux/tty/parts.h"
#include "linux_fake.h"

static struct file file;
static const char *typed_later; // at the next wait

void
file_wake(struct linux *l)
{
    l->polls++;
}

static struct tty *
tty(void)
{
    return &world.linux->tty;
}

static void
type(const char *text, u32 bytes)
{
    for (u32 i = 0; i < bytes; i++) {
        tty_input(tty(), text[i]);
        ck_assert_ptr_null(tty_check(tty()));
    }
}

#define TYPE(text) type(text, sizeof(text) - 1)

static int
type_later(void)
{
    const char *text = typed_later;

    typed_later = NULL;
    if (text != NULL)
        type(text, (u32)strlen(text));
    return text != NULL;
}

static void
open_tty(void)
{
    world_open();
    fake.now_us = 1000;
    tty_init(tty(), world.linux);
    file = (struct file){.ops = &tty_ops, .linux = world.linux, .refs = 1};
    tty_take(tty(), 10, 10);
    world.while_waiting = type_later;
    typed_later = NULL;
}

static int
read_tty(u32 bytes)
{
    struct buffer to = {world.task->memory, USER_AT};

    memset(world.user, '#', 64);
    return tty_ops.read(world.task, &file, &to, bytes, NULL);
}

static void
ck_read(u32 bytes, const char *text, u32 length)
{
    ck_assert_int_eq(read_tty(bytes), (int)length);
    ck_assert_mem_eq(world.user, text, length);
    ck_assert_ptr_null(tty_check(tty()));
}

#define CK_READ(bytes, text) ck_read(bytes, text, sizeof(text) - 1)

static void
ck_screen(const char *text)
{
    ck_assert_str_eq(world.screen, text);
    world.screen_bytes = 0;
    world.screen[0] = 0;
}

static int
write_tty(const char *text)
{
    struct buffer from = {NULL, (word)text};

    return tty_ops.write(world.task, &file, &from, (u32)strlen(text), NULL);
}

static int
ioctl_tty(u32 code, u32 argument)
{
    return tty_ops.ioctl(world.task, &file, code, argument);
}

static void
set_local(u32 off, u32 on)
{
    struct termios termios = tty()->termios;

    termios.local = (termios.local & ~off) | on;
    memcpy(world.user, &termios, sizeof(termios));
    ck_assert_int_eq(ioctl_tty(TCSETS, USER_AT), 0);
}

static void
set_raw(u8 least, u8 tenths)
{
    tty()->termios.cc[VMIN] = least;
    tty()->termios.cc[VTIME] = tenths;
    set_local(ICANON | ECHO | ISIG | IEXTEN, 0);
}

// What is typed, what is seen, and what one read gets.
struct line {
    const char *typed, *screen, *read;
};

static void
ck_lines(const struct line *line)
{
    for (; line->typed != NULL; line++) {
        type(line->typed, (u32)strlen(line->typed));
        ck_screen(line->screen);
        ck_read(100, line->read, (u32)strlen(line->read));
    }
}

// Does each editing key do to the line and to the screen what it should?
START_TEST(edits)
{
    static const struct line lines[] = {
        {"abc\n", "abc\r\n", "abc\n"},
        {"abc\r", "abc\r\n", "abc\n"},
        {"ab\x7f\x7f\x7fx\n", "ab\b \b\b \bx\r\n", "x\n"},
        {"a\x01\x7f"
         "b\n",
         "a^A\b \b\b \bb\r\n", "ab\n"},
        {"one two\x17\n", "one two\b \b\b \b\b \b\r\n", "one \n"},
        {"a-b  \x17\n", "a-b  \b \b\b \b\b \b\r\n", "a-\n"},
        {"wrong\x15ok\n", "wrong\b \b\b \b\b \b\b \b\b \bok\r\n", "ok\n"},
        {"a\tb\x7f\x7f"
         "c\n",
         "a\tb\b \b\b\b\b\b\b\b\bc\r\n", "ac\n"},
        {"\t\t\x7f\n", "\t\t\b\b\b\b\b\b\b\b\r\n", "\t\n"},
        {"x\x16\x03y\n", "x^\b^Cy\r\n", "x\x03y\n"},
        {"ab\x12"
         "c\n",
         "ab^R\r\nabc\r\n", "abc\n"},
        {"end\x04", "end", "end"},
        {"\x04", "", ""},
        {NULL, NULL, NULL},
    };

    ck_lines(lines);
}
END_TEST

// A tab's width depends on where the prompt ended.
START_TEST(erases_tabs)
{
    ck_assert_int_eq(write_tty("12345"), 5);
    TYPE("a\t\x7f\n");
    ck_screen("12345a\t\b\b\r\n");
    CK_READ(9, "a\n");
}
END_TEST

// And with other flags?
START_TEST(edits_otherwise)
{
    static const struct line kill[] = {{"abc\x15"
                                        "d\n",
                                        "abc^U\r\nd\r\n", "d\n"},
                                       {NULL, NULL, NULL}};
    static const struct line silent[] = {{"abc\x15"
                                          "d\x7f"
                                          "e\n",
                                          "\r\n", "e\n"},
                                         {NULL, NULL, NULL}};
    static const struct line printed[] = {
        {"abc\x7f\x7fx\n", "abc\\cb/x\r\n", "ax\n"}, {NULL, NULL, NULL}};
    static const struct line plain[] = {{"ab\x7f"
                                         "\x01\n",
                                         "ab\x7f\x01\r\n", "a\x01\n"},
                                        {NULL, NULL, NULL}};

    set_local(ECHOKE, 0);
    ck_lines(kill);
    set_local(ECHO, ECHONL);
    ck_lines(silent);
    set_local(0, ECHO | ECHOKE | ECHOPRT);
    ck_lines(printed);
    set_local(ECHOPRT | ECHOE | ECHOCTL, 0);
    ck_lines(plain);
}
END_TEST

START_TEST(translates)
{
    tty()->termios.input = INLCR;
    TYPE("a\nb\x04");
    ck_screen("a^Mb");
    CK_READ(9, "a\rb");
    tty()->termios.input = IGNCR | ISTRIP | IUCLC;
    TYPE("A\r\xc2\n");
    ck_screen("ab\r\n");
    CK_READ(9, "ab\n");
    tty()->termios.cc[VEOL] = ';';
    TYPE("x;y\n");
    CK_READ(9, "x;");
    CK_READ(9, "y\n");
}
END_TEST

// A long line comes in parts; an end of file right behind a part is no second
// end.
START_TEST(reads_parts)
{
    TYPE("abcdef\nxyz\n");
    CK_READ(4, "abcd");
    CK_READ(4, "ef\n");
    CK_READ(3, "xyz");
    CK_READ(3, "\n");
    TYPE("abc\x04next\n");
    CK_READ(3, "abc");
    CK_READ(9, "next\n");
    file.flags = O_NONBLOCK;
    ck_assert_int_eq(read_tty(5), -EAGAIN);
    TYPE("half");
    ck_assert_int_eq(read_tty(5), -EAGAIN);
    file.flags = 0;
    typed_later = " whole\n";
    CK_READ(20, "half whole\n");
    ck_assert_int_eq(read_tty(5), -ERESTART);
}
END_TEST

START_TEST(full)
{
    for (u32 i = 0; i < TTY_INPUT + 100; i++)
        TYPE("x");
    TYPE("\n");
    ck_assert_int_eq(read_tty(TTY_INPUT + 100), TTY_INPUT);
    ck_assert_int_eq(world.user[TTY_INPUT - 1], '\n');
    TYPE("ok\n");
    CK_READ(5, "ok\n");
}
END_TEST

// VMIN and VTIME: all four cases.
START_TEST(raw)
{
    set_raw(0, 0);
    ck_assert_int_eq(read_tty(5), 0);
    TYPE("ab\x03\r");
    ck_screen("");
    CK_READ(9, "ab\x03\n"); // ICRNL holds without ICANON, too
    set_raw(3, 0);
    typed_later = "bc";
    TYPE("a");
    CK_READ(9, "abc");
    typed_later = "1234";
    CK_READ(2, "12");
    CK_READ(2, "34");
    set_raw(0, 5);
    u64 begun = fake.now_us;

    ck_assert_int_eq(read_tty(5), 0);
    ck_assert_uint_ge(fake.now_us - begun, 500000);
    set_raw(5, 2); // the time begins with the first character
    typed_later = "q";
    begun = fake.now_us;
    CK_READ(9, "q");
    ck_assert_uint_ge(fake.now_us - begun, 200000);
}
END_TEST

// What was typed before the mode changed is still there.
START_TEST(changes_mode)
{
    TYPE("half");
    set_raw(1, 0);
    CK_READ(2, "ha");
    set_local(0, ICANON);
    CK_READ(9, "lf");
    set_raw(1, 0);
    type("zero\0", 5); // a character here, though the end of a file as VEOF
    set_local(0, ICANON);
    CK_READ(9, "zero\0");
    TYPE("left\nover");
    ck_assert_int_eq(ioctl_tty(FIONREAD, USER_AT), 0);
    ck_assert_int_eq(world.user[0], 5);
    memcpy(world.user, &tty()->termios, sizeof(struct termios));
    ck_assert_int_eq(ioctl_tty(TCSETSF, USER_AT), 0);
    file.flags = O_NONBLOCK;
    ck_assert_int_eq(read_tty(5), -EAGAIN);
}
END_TEST

START_TEST(signals)
{
    TYPE("gone\x03");
    ck_screen("gone^C");
    ck_assert_int_eq((int)world.signal, SIGINT);
    ck_assert_int_eq((int)world.signal_group, 10);
    TYPE("\x1a\x1c");
    ck_assert_int_eq((int)world.signal, SIGQUIT);
    ck_assert_int_eq((int)world.signals, 3);
    TYPE("x\n");
    CK_READ(9, "x\n"); // the rest was flushed
    set_local(0, NOFLSH);
    TYPE("kept\x03\n");
    CK_READ(9, "kept\n");
    set_local(ISIG, 0);
    TYPE("\x03\n");
    CK_READ(9, "\x03\n");
    ck_assert_int_eq((int)world.signals, 4);
}
END_TEST

START_TEST(writes)
{
    ck_assert_int_eq(write_tty("a\nb"), 3);
    ck_screen("a\r\nb");
    tty()->termios.output = OPOST | XTABS | OLCUC;
    ck_assert_int_eq(write_tty("\ta\n\r"), 4);
    ck_screen("       A\n\r");
    tty()->termios.output = 0;
    ck_assert_int_eq(write_tty("\ta\n"), 3);
    ck_screen("\ta\n");
    TYPE("\x13"); // stopped
    file.flags = O_NONBLOCK;
    ck_assert_int_eq(write_tty("x"), -EAGAIN);
    ck_assert_uint_eq(tty_ops.poll(&file), 0);
    file.flags = 0;
    typed_later = "\x11";
    ck_assert_int_eq(write_tty("y"), 1);
    ck_screen("y");
    TYPE("\x13"
         "a"); // only IXANY lets any character do that
    ck_assert_int_eq((int)tty()->stopped, 1);
    tty()->termios.input |= IXANY;
    TYPE("b");
    ck_assert_int_eq((int)tty()->stopped, 0);
}
END_TEST

// Background: stopped, refused, or let through?
START_TEST(background)
{
    u32 group = 99;

    tty()->foreground = 20;
    ck_assert_int_eq(read_tty(5), -ERESTART);
    ck_assert_int_eq((int)world.signal, SIGTTIN);
    ck_assert_int_eq((int)world.signal_group, 10);
    ck_assert_int_eq(write_tty("x"), 1);
    tty()->termios.local |= TOSTOP;
    ck_assert_int_eq(write_tty("x"), -ERESTART);
    ck_assert_int_eq((int)world.signal, SIGTTOU);
    memcpy(world.user, &tty()->termios, sizeof(struct termios));
    ck_assert_int_eq(ioctl_tty(TCSETS, USER_AT), -ERESTART);
    ck_assert_int_eq(ioctl_tty(TCFLSH, 0), -ERESTART);
    ck_assert_int_eq(ioctl_tty(TCGETS, USER_AT), 0);
    world.task->blocked = SIGNAL_BIT(SIGTTOU);
    ck_assert_int_eq(write_tty("x"), 1);
    world.handlers.action[SIGTTIN].handler = SIG_IGN;
    ck_assert_int_eq(read_tty(5), -EIO);
    world.handlers.action[SIGTTIN].handler = SIG_DFL;
    world.orphaned = 1;
    ck_assert_int_eq(read_tty(5), -EIO);
    world.task->blocked = 0;
    ck_assert_int_eq(ioctl_tty(TIOCSPGRP, USER_AT), -ENOTTY);
    world.orphaned = 0;
    memcpy(world.user, &group, 4);
    world.task->blocked = SIGNAL_BIT(SIGTTOU);
    ck_assert_int_eq(ioctl_tty(TIOCSPGRP, USER_AT), -ESRCH);
    group = 10;
    memcpy(world.user, &group, 4);
    ck_assert_int_eq(ioctl_tty(TIOCSPGRP, USER_AT), 0);
    ck_assert_int_eq((int)tty()->foreground, 10);
    ck_assert_int_eq(ioctl_tty(TIOCSPGRP, 16), -EFAULT);
    world.task->session = 11;
    ck_assert_int_eq(ioctl_tty(TIOCGPGRP, USER_AT), -ENOTTY);
    ck_assert_int_eq(write_tty("x"), 1); // not its terminal: no job control
}
END_TEST

START_TEST(hangs_up)
{
    struct inode inode = {.rdev = DEVICE(5, 0)};

    file.inode = &inode;
    ck_assert_int_eq(tty_ops.open(world.task, &file), 0);
    ck_assert_ptr_nonnull(world.console.taker.input);
    tty_give_back(tty());
    ck_assert_ptr_null(world.console.taker.input);
    ck_assert_int_eq((int)world.signals, 2);
    ck_assert_int_eq((int)world.signal, SIGCONT);
    ck_assert_int_eq(read_tty(5), 0);
    ck_assert_int_eq(write_tty("x"), -EIO);
    ck_assert_int_eq(ioctl_tty(TCGETS, USER_AT), -EIO);
    ck_assert_uint_eq(tty_ops.poll(&file),
                      POLLIN | POLLOUT | POLLERR | POLLHUP);
    ck_assert_int_eq(tty_ops.open(world.task, &file), -ENXIO);
    inode.rdev = DEVICE(4, 64);
    ck_assert_int_eq(tty_ops.open(world.task, &file), 0);
    ck_assert_int_eq((int)tty()->session, 10); // the leader got it
}
END_TEST

// Who opened the console does not notice that somebody's terminal hangs up.
START_TEST(keeps_console)
{
    struct inode inode = {.rdev = DEVICE(5, 1)};

    file.inode = &inode;
    ck_assert_int_eq(tty_ops.open(world.task, &file), 0);
    tty_give_back(tty());
    ck_assert_int_eq(write_tty("x"), 1);
    ck_screen("x");
    ck_assert_uint_eq(tty_ops.poll(&file), POLLOUT);
    ck_assert_int_eq(ioctl_tty(TCGETS, USER_AT), 0);
    tty_bind(&file); // a session's terminal
    ck_assert_int_eq(write_tty("x"), 1);
    tty_give_back(tty());
    ck_assert_int_eq(write_tty("x"), -EIO);
    ck_assert_int_eq(read_tty(5), 0);
}
END_TEST

START_TEST(asks)
{
    struct window_size size = {50, 132, 0, 0};

    ck_assert_int_eq(ioctl_tty(TIOCGWINSZ, USER_AT), 0);
    ck_assert_mem_eq(world.user, "\30\0\120\0\0\0\0\0", 8); // 24 x 80
    memcpy(world.user, &size, sizeof(size));
    ck_assert_int_eq(ioctl_tty(TIOCSWINSZ, USER_AT), 0);
    ck_assert_int_eq((int)world.signal, SIGWINCH);
    ck_assert_int_eq(ioctl_tty(TIOCSWINSZ, USER_AT), 0);
    ck_assert_int_eq((int)world.signals, 1); // it was that size already
    ck_assert_int_eq(ioctl_tty(0x4b33, USER_AT), -ENOTTY); // KDGKBTYPE
    ck_assert_int_eq(ioctl_tty(TCGETS, 4), -EFAULT);
    ck_assert_int_eq(ioctl_tty(TCXONC, 9), -EINVAL);
    ck_assert_int_eq(ioctl_tty(TCGETA, USER_AT), 0);
    ck_assert_int_eq(ioctl_tty(TCSETAW, USER_AT), 0);
    ck_assert_uint_eq(tty_ops.poll(&file), POLLOUT);
    TYPE("x\n");
    ck_assert_uint_eq(tty_ops.poll(&file), POLLIN | POLLOUT);
    ck_assert_int_eq(ioctl_tty(TIOCSCTTY, 0), 0);
    ck_assert_int_eq(ioctl_tty(TIOCNOTTY, 0), 0);
    ck_assert_int_eq((int)tty()->session, 0);
}
END_TEST

int
main(void)
{
    const TTest *const tests[] = {edits,         edits_otherwise,
                                  erases_tabs,   translates,
                                  reads_parts,   full,
                                  raw,           changes_mode,
                                  signals,       writes,
                                  background,    hangs_up,
                                  keeps_console, asks,
                                  NULL};
    const struct suite suite = {.name = "linux_tty",
                                .open = open_tty,
                                .close = world_close,
                                .test = tests};

    return suite_run(&suite);
}
