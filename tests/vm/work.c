// work.c -- what Linux programs are in the middle of when the power goes
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_FOR_GO "while [ ! -e /tmp/go ]; do sleep 0.05; done"

// Begin it where the shell will not tell of its end.
static void
background(struct vm *vm, const char *line)
{
    char whole[600];

    snprintf(whole, sizeof(whole), "( %s & )", line);
    session_says(vm, whole, "");
}

// --- sort, in the middle of its input

#define NUMBERS "awk '{print $1*7919%1000003}'"

static void
sort_begin(struct vm *vm)
{
    background(vm, "{ seq 1 5000; " WAIT_FOR_GO "; seq 5001 10000; } | " NUMBERS
                   " | sort -n | md5sum >sorted");
}

static void
sort_check(struct vm *vm)
{
    session_shows(vm,
                  "seq 1 10000 | " NUMBERS " | sort -n | md5sum "
                  ">sum; while [ ! -s sorted ]; do sleep 0.1; done; "
                  "cmp sum sorted && echo same",
                  "^same$");
}

// --- SQLite, in the middle of a transaction that does not fit its cache

#define ROWS(from, to)                                                         \
    "seq " #from " " #to                                                       \
    " | awk '{print \"insert into t values(\" $1 \",\" $1*$1%7919 \");\"}'"

static void
sqlite_begin(struct work *w)
{
    background(
        w->vm,
        "{ echo 'pragma cache_size=10; create table t(a integer "
        "primary key, b); begin;'; " ROWS(
            1,
            5000) "; echo 'select "
                  "count(*) from t;'; " WAIT_FOR_GO "; " ROWS(
                      5001,
                      10000) "; echo 'commit;'; } | sqlite3 data >answers 2>&1");
    session_shows(w->vm, "while ! grep 5000 answers; do sleep 0.1; done",
                  "^5000$");
    session_shows(w->vm, "ls", "data-journal");
}

static void
sqlite_check(struct work *w)
{
    session_command(w->vm, "while [ -e data-journal ]; do sleep 0.1; done");
    session_says(w->vm, "cat answers", "5000\n");
    session_says(w->vm,
                 "sqlite3 data 'select count(*), sum(b) from t; pragma "
                 "integrity_check'; seq 1 10000 | awk '{s += $1*$1%7919} END "
                 "{print s}' >sum; sqlite3 data 'select sum(b) from t' | "
                 "cmp - sum && echo same",
                 "10000|38470353\nok\nsame\n");
}

// --- Lua, computing all the time

static const char lua[] =
    "lua -e 'local s, n = 0, 0 repeat for i = 1, 20000 do s = (s * 31 + i) % "
    "1000003 end n = n + 1 until io.open(\"/tmp/go\") print(n, s)' >lua";

static void
lua_check(struct work *w)
{
    unsigned rounds, sum;
    unsigned long right = 0;

    session_command(w->vm, "while [ ! -s lua ]; do sleep 0.1; done");
    if (sscanf(session_command(w->vm, "cat lua"), "%u %u", &rounds, &sum) != 2)
        vm_fail(w->vm, "Lua did not tell what it computed.");
    for (unsigned n = 0; n < rounds; n++)
        for (unsigned i = 1; i <= 20000; i++)
            right = (right * 31 + i) % 1000003;
    if (sum != right)
        vm_fail(w->vm, "Lua computed %u in %u rounds, not %lu.", sum, rounds,
                right);
}

// --- a program of one's own: a mapped file, an alarm, memory

static const char *const source[] = {
    "cat >own.c <<'END'",
    "#include <fcntl.h>",
    "#include <signal.h>",
    "#include <stdio.h>",
    "#include <sys/mman.h>",
    "#include <time.h>",
    "#include <unistd.h>",
    "static volatile int rang;",
    "static void ring(int n) { rang = n; }",
    "int main(void) {",
    "  struct timespec a, b;",
    "  int fd = open(\"mapped\", O_RDWR | O_CREAT, 0600);",
    "  ftruncate(fd, 100000);",
    "  int *shared = mmap(0, 100000, 3, MAP_SHARED, fd, 0);",
    "  int *own = mmap(0, 400000, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);",
    "  for (int i = 0; i < 100000; i++) own[i] = i * 7;",
    "  for (int i = 0; i < 25000; i++) shared[i] = i * 3;",
    "  signal(SIGALRM, ring);",
    "  clock_gettime(CLOCK_MONOTONIC, &a);",
    "  alarm(4);",
    "  printf(\"waiting\\n\"); fflush(stdout);",
    "  while (!rang) pause();",
    "  clock_gettime(CLOCK_MONOTONIC, &b);",
    "  long ms = (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / "
    "1000000;",
    "  int bad = 0, x;",
    "  for (int i = 0; i < 100000; i++) bad += own[i] != i * 7;",
    "  for (int i = 0; i < 25000; i++) bad += shared[i] != i * 3;",
    "  shared[7] = 77;",
    "  pread(fd, &x, 4, 28);",
    "  printf(\"bad %d, read %d, %s\\n\", bad, x, ms < 4000 ? \"early\" : "
    "\"due\");",
    "}"};

static void
own_begin(struct work *w)
{
    for (size_t i = 0; i < sizeof(source) / sizeof(source[0]); i++) {
        vm_type(w->vm, source[i]);
        vm_expect(w->vm, "^> ");
    }
    session_says(w->vm, "END", "");
    session_says(w->vm, "cc own.c -o own", "");
}

static void
own_start(struct work *w)
{
    background(w->vm, "./own >told");
    session_shows(w->vm, "while [ ! -s told ]; do sleep 0.05; done; cat told",
                  "^waiting$");
}

static void
own_check(struct work *w)
{
    session_says(w->vm,
                 "while ! grep -q bad told; do sleep 0.05; done; cat told",
                 "waiting\nbad 0, read 77, due\n");
}

// --- time that passes: begun last

static void
sleepers_begin(struct vm *vm)
{
    session_command(vm, "up() { cut -d' ' -f1 /proc/uptime; }");
    background(vm, "(up; sleep 4; up) >slept");
    // The shell says "Terminated" when it likes: not on the terminal.
    background(vm, "(timeout 4 sleep 1000; echo $?) >timed 2>/dev/null");
}

// Those that had begun before the save are done before one that begins now, and
// none came early.
static void
sleepers_check(struct vm *vm)
{
    session_shows(vm, "sleep 5; wc -l <slept; cat timed", "^2\n143$");
    session_says(vm, "awk 'NR == 1 {a = $1} END {print ($1 - a >= 4)}' slept",
                 "1\n");
}

// --- the shell's own files

static void
files_begin(struct vm *vm)
{
    session_command(vm, "echo before >before; mkdir dir; ln before dir/link");
    session_command(vm, "mkfifo pipe; exec 5<>pipe; seq 1 700 >&5");
    session_command(vm, "seq 1 9999 >gone; exec 6<gone; rm gone; read x <&6");
    background(vm, "i=0; while :; do i=$((i+1)); echo $i >>ticks; sleep "
                   "0.1; done");
}

static void
files_check(struct vm *vm, bool gone)
{
    session_says(vm, "cat before dir/link; ls -1 after dir 2>&1",
                 gone ? "before\nbefore\nls: after: No such file or "
                        "directory\ndir:\nlink\n"
                      : "changed\nchanged\nafter\n\ndir:\nlink\nnew\n");
    session_says(vm, "seq 1 700 >seq; head -n 700 <&5 | cmp - seq && echo same",
                 "same\n");
    session_says(vm, "echo $x; seq 2 9999 >seq; cmp seq - <&6 && echo same",
                 "1\nsame\n");
    session_says(vm, "sleep 0.3; awk '$1 != NR' ticks", "");
}

// --- the notice of a restart

static void
notice_begin(struct vm *vm)
{
    background(vm, "(trap 'cat /proc/tender/restart >>power' PWR; while :; do "
                   "sleep 0.1; done)");
}

void
work_noticed(struct work *w, const char *outcome)
{
    const char *told;
    unsigned save;
    double lost;
    char said[20];

    session_command(w->vm, "while [ ! -s power ]; do sleep 0.05; done");
    told = session_command(w->vm, "sleep 0.1; cat power; rm power");
    if (sscanf(told, "outcome: %19s save: %u lost_us: %lf", said, &save,
               &lost) != 3)
        vm_fail(w->vm, "The notice says \"%s\".", told);
    if (strcmp(said, outcome) != 0 || save != w->save)
        vm_fail(w->vm, "The notice says %s, save %u, not %s, save %u.", said,
                save, outcome, w->save);
    // The hardware clock tells whole seconds.
    if (lost / 1e6 < w->missed - 2 || lost / 1e6 > w->missed + 2)
        vm_fail(w->vm, "The notice says %f s were lost, not %f.", lost / 1e6,
                w->missed);
}

// --- all of it

void
work_begin(struct work *w)
{
    session_says(w->vm, "cd /tmp", "");
    w->lua = session_has(w->vm, "lua", "a computation of Lua");
    w->sqlite = session_has(w->vm, "sqlite3", "a transaction of SQLite");
    w->cc = session_has(w->vm, "cc", "a mapped file, an alarm");
    files_begin(w->vm);
    notice_begin(w->vm);
    sort_begin(w->vm);
    if (w->cc)
        own_begin(w);
    if (w->sqlite)
        sqlite_begin(w);
    if (w->lua)
        background(w->vm, lua);
}

void
work_begin_time(struct work *w)
{
    if (w->cc)
        own_start(w);
    sleepers_begin(w->vm);
}

void
work_change(struct work *w)
{
    session_command(w->vm,
                    "echo changed >before; echo after >after; echo >dir/new");
}

void
work_check(struct work *w, bool gone)
{
    files_check(w->vm, gone);
    sleepers_check(w->vm);
    session_command(w->vm, "touch go");
    sort_check(w->vm);
    if (w->sqlite)
        sqlite_check(w);
    if (w->lua)
        lua_check(w);
    if (w->cc)
        own_check(w);
}
