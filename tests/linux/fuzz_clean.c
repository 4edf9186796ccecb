// fuzz_clean.c -- what the workers leave in the tree goes away, wherever it is
//
// The tree is looked at before and after. Workers use any name they find in
// their memory, move directories into each other, and change their root: what
// they make may be anywhere, and deeper than a path can be long. A path whose
// beginning is not in the arena's good pages is another path: mkdir() of the end
// of "/tmp/fuzz" makes /fuzz.
#include "fuzz.h"

#define KNOWN_MOST 2048u
#define STRAYS_TOLD 20u
#define AT_FDCWD (~0u - 99)
#define AT_SYMLINK_NOFOLLOW 0x100u
#define DIRECTORY 4u // of struct entry
#define S_IFMT 0170000u
#define S_IFCHR 0020000u

static u32 known[KNOWN_MOST]; // paths
static u32 knowns;
static u32 strays;

// A number for the path of this name in the directory with that number.
static u32
path_number(u32 directory, const char *name)
{
    u32 n = (directory ^ '/') * 16777619u;

    for (; *name != 0; name++)
        n = (n ^ (u8)*name) * 16777619u;
    return n;
}

static int
is_known(u32 path)
{
    for (u32 i = 0; i < knowns; i++)
        if (known[i] == path)
            return 1;
    return 0;
}

static int
is_special(const char *name)
{
    return text_equal(name, ".") || text_equal(name, "..");
}

// What another file system has is not ours to remove.
static int
is_mounted(u32 directory, const char *name)
{
    return directory == 0 &&
           (text_equal(name, "proc") || text_equal(name, "disk"));
}

static u32 empty_here(void);

// -> 1 when it has gone
static u32
remove_one(const char *name)
{
    if (call(CALL_UNLINK, P(name)) == 0)
        return 1;
    if (call(CALL_CHDIR, P(name)) < 0)
        return 0;
    while (empty_here() != 0)
        ;
    call(CALL_CHDIR, P(".."));
    return call(CALL_RMDIR, P(name)) == 0;
}

// One pass over the working directory. -> how many went
static u32
empty_here(void)
{
    u8 buffer[512]; // more than one entry with the longest name
    int fd = call(CALL_OPEN, P("."), O_RDONLY, 0);
    int n = call(CALL_GETDENTS64, (u32)fd, P(buffer), sizeof(buffer));
    u32 gone = 0;

    call(CALL_CLOSE, (u32)fd);
    for (int at = 0; at < n;) {
        struct entry *e = (struct entry *)(buffer + at);

        at += e->bytes;
        if (!is_special(e->name))
            gone += remove_one(e->name);
    }
    return gone;
}

// A name outside of FUZZ_DIR that has come: said, as far as it has one.
static void
tell(const char *name)
{
    char path[256];
    int length = call(183, P(path), sizeof(path)); // getcwd

    if (length <= 0 || (text_equal(path, "/tmp") && text_equal(name, "fuzz")))
        return;
    if (strays++ < STRAYS_TOLD)
        print("fuzz: a stray: %s/%s\n", length == 2 ? "" : path, name);
}

// What the working directory has: known from now on, or gone if it is not
// known. -> how many went
static u32
look_here(u32 directory, int removing)
{
    u8 buffer[1024];
    int fd = call(CALL_OPEN, P("."), O_RDONLY, 0), n;
    u32 gone = 0;

    while ((n = call(CALL_GETDENTS64, (u32)fd, P(buffer), sizeof(buffer))) > 0)
        for (int at = 0; at < n;) {
            struct entry *e = (struct entry *)(buffer + at);
            u32 path = path_number(directory, e->name);

            at += e->bytes;
            if (is_special(e->name) || is_mounted(directory, e->name))
                continue;
            if (removing && !is_known(path)) {
                tell(e->name);
                gone += remove_one(e->name);
                continue;
            }
            if (removing)
                call(320, AT_FDCWD, P(e->name), 0, AT_SYMLINK_NOFOLLOW);
            if (!removing && knowns < KNOWN_MOST)
                known[knowns++] = path;
            if (e->type == DIRECTORY && call(CALL_CHDIR, P(e->name)) == 0) {
                gone += look_here(path, removing);
                call(CALL_CHDIR, P(".."));
            }
        }
    call(CALL_CLOSE, (u32)fd);
    return gone;
}

static const struct device {
    const char *path;
    u32 mode, number;
} devices[] = {
    {"/dev/null", 0666, 0x103},    {"/dev/zero", 0666, 0x105},
    {"/dev/full", 0666, 0x107},    {"/dev/random", 0666, 0x108},
    {"/dev/urandom", 0666, 0x109}, {"/dev/tty", 0666, 0x500},
    {"/dev/console", 0600, 0x501}, {"/dev/ttyS0", 0600, 0x440},
};

static int
is_there(const struct device *d)
{
    u32 s[24]; // struct stat64

    return call(196 /* lstat64 */, P(d->path), P(s)) == 0 &&
           (s[4] & S_IFMT) == S_IFCHR && s[8] == d->number;
}

// Root may put another file in a device's place: what is said at the end would
// go there.
static void
mend_devices(void)
{
    for (u32 i = 0; i < ARRAY_LEN(devices); i++) {
        const struct device *d = &devices[i];

        if (!is_there(d)) {
            strays++;
            print("fuzz: a stray: another %s\n", d->path);
            call(CALL_UNLINK, P(d->path));
            call(CALL_RMDIR, P(d->path));
            call(14 /* mknod */, P(d->path), S_IFCHR | d->mode, d->number);
        }
        call(212 /* chown32 */, P(d->path), 0, 0);
        call(15 /* chmod */, P(d->path), d->mode);
    }
}

// The clock goes on from what it was at first: workers set it, and a year after
// 2038 in an inode is an error for old programs.
static void
set_clock(void)
{
    static u32 first; // seconds since 1970, when the machine began
    u32 up = (u32)(base_us() / 1000000), now;

    if (first == 0)
        first = (u32)call(13, 0) - up; // time
    now = first + up;
    call(25, P(&now)); // stime
}

void
fuzz_look(void)
{
    set_clock();
    call(CALL_CHDIR, P("/"));
    look_here(0, 0);
    if (knowns == KNOWN_MOST) {
        print("fuzz: there are too many files\n");
        base_exit(1);
    }
}

u32
fuzz_clean(void)
{
    set_clock();
    call(CALL_CHDIR, P("/"));
    while (look_here(0, 1) != 0) // removing moves what is still to come
        ;
    mend_devices();
    call(320, AT_FDCWD, P("/"), 0, 0); // utimensat
    call(15, P("/"), 0755);            // chmod
    call(15, P("/tmp"), 01777);
    return strays;
}
