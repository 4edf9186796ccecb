// test_linux_proc.c -- does /proc have the files and the formats that programs read?
#include "linux/proc/proc.h"

#include <stdio.h>

#include "linux_fake.h"

static struct inode *root;
static struct file *table[DESCRIPTORS_MAX];
static struct files files = {.file = table, .end = DESCRIPTORS_MAX};
static struct place place;
static struct memory memory;
static struct execution_entry execution;
static struct executions executions;
static struct task child;

// --- the system around it ---

struct task *
task_get(const struct linux *l, rid id)
{
    u32 i = 0;
    struct task *t;

    while ((t = task_next(l, &i)) != NULL)
        if (t->res.id == id)
            return t;
    return NULL;
}

struct task *
task_of_tid(const struct linux *l, u32 tid)
{
    u32 i = 0;
    struct task *t;

    if (tid == INIT_PID)
        return &world.linux->init;
    while ((t = task_next(l, &i)) != NULL)
        if (t->tid == tid)
            return t;
    return NULL;
}

struct task *
task_current(const struct linux *l)
{
    (void)l;
    return world.task;
}

int
task_alive(const struct task *t)
{
    return t->state != TASK_ZOMBIE;
}

u32
task_threads(const struct linux *l, u32 pid)
{
    return (u32)task_alive(task_of_tid(l, pid));
}

u64
task_used_us(const struct task *t)
{
    return t->user_us;
}

u64
linux_real_us(const struct linux *l)
{
    return l->boot_real_us;
}

struct file *
files_get(const struct files *from, u32 descriptor)
{
    return descriptor < DESCRIPTORS_MAX ? from->file[descriptor] : NULL;
}

int
path_find(struct task *t, int at, const char *path, u32 flags,
          struct inode **result, char *last)
{
    (void)t, (void)at, (void)path, (void)flags, (void)result, (void)last;
    return -ENOENT;
}

int
gate_control(struct gate *gate, rid target, word code, word a1, word a2,
             word a3)
{
    struct system_status *status = (void *)a1;

    (void)gate, (void)a2, (void)a3;
    ck_assert_uint_eq(target, KIND_ID(KIND_SYSTEM));
    ck_assert_uint_eq((u32)code, SYSTEM_STATUS);
    status->usable_pages = 1000;
    status->free_pages = 500;
    status->generation = 7;
    return 0;
}

static void
name_task(struct task *t, u32 pid, rid id, const char *name)
{
    t->linux = world.linux;
    t->pid = t->tid = pid;
    t->res.id = t->leader = id;
    t->state = TASK_RUNNING;
    t->handlers = &world.handlers;
    t->files = &files;
    t->place = &place;
    strcpy(t->name, name);
}

static void
open_world(void)
{
    world_open();
    fake.now_us = 12340000;
    memset(&child, 0, sizeof(child));
    memset(table, 0, sizeof(table));
    memset(&memory, 0, sizeof(memory));
    executions.idle = execution;
    executions.idle.used_us = 5000000;
    world.linux->executions = &executions;
    init_make(world.linux);
    memory.linux = world.linux;
    place.umask = 022;
    name_task(world.task, 10, 1000, "sh");
    name_task(&child, 20, 2000, "two words)");
    world.task->memory = &memory;
    child.parent = 1000;
    child.group = 20;
    child.session = 10;
    child.waiting = 1;
    child.start_us = 7000000;
    child.user_us = 250000;
    world.tasks[1] = &child;
    world.linux->tty.session = 10;
    world.linux->tty.foreground = 20;
    ck_assert_int_eq(proc_make(world.linux, &root), 0);
}

static void
close_world(void)
{
    ck_assert_uint_eq(root->refs, 1);
    inode_drop(root);
    ck_assert_uint_eq(world.pages, 0);
    world_close();
}

// --- helpers ---

// Follow a path of plain names; the caller drops the inode.
static int
find(const char *path, struct inode **result)
{
    char part[64];
    struct inode *here = root;
    int err = 0;

    inode_hold(here);
    while (err == 0 && *path != 0) {
        size_t n = strcspn(path, "/");
        struct inode *next = NULL;

        memcpy(part, path, n);
        part[n] = 0;
        path += path[n] == 0 ? n : n + 1;
        err = here->ops->lookup(here, part, &next);
        inode_drop(here);
        here = next;
    }
    *result = here;
    return err;
}

static struct file *
open_proc(const char *path)
{
    struct inode *inode;
    struct file *f;

    ck_assert_int_eq(find(path, &inode), 0);
    f = file_new(world.linux, inode->file_ops, 0, inode, NULL);
    inode_drop(inode);
    ck_assert_int_eq(f->ops->open(world.task, f), 0);
    return f;
}

static int
read_on(struct file *f, u32 bytes)
{
    struct buffer to = {world.task->memory, USER_AT};
    int got = f->ops->read(world.task, f, &to, bytes, &f->position);

    if (got >= 0)
        world.user[got] = 0;
    return got;
}

static const char *
text_of(const char *path)
{
    struct file *f = open_proc(path);

    ck_assert_int_ge(read_on(f, 60000), 0);
    file_drop(f);
    return world.user;
}

static void
ck_has(const char *path, const char *line)
{
    ck_assert_msg(strstr(text_of(path), line) != NULL, "%s has no \"%s\": %s",
                  path, line, world.user);
}

// --- the tests ---

START_TEST(names)
{
    char all[2000] = "";
    struct directory_item item;
    struct inode *inode;
    u64 position = 0;

    while (root->ops->list(root, &position, &item) > 0) {
        struct inode *found;

        ck_assert_int_eq(root->ops->lookup(root, item.name, &found), 0);
        ck_assert_uint_eq(found->number, item.inode);
        ck_assert_uint_eq((found->mode & S_IFMT) >> 12, item.type);
        inode_drop(found);
        sprintf(all + strlen(all), "%s ", item.name);
    }
    ck_assert_str_eq(all, ". .. self sys tender mounts meminfo uptime loadavg "
                          "stat cpuinfo version filesystems 1 10 20 ");
    ck_assert_int_eq(find("11", &inode), -ENOENT);
    ck_assert_int_eq(find("010", &inode), -ENOENT);
    ck_assert_int_eq(find("99999999999", &inode), -ENOENT);
    ck_assert_int_eq(find("10/nothing", &inode), -ENOENT);
    ck_assert_int_eq(find("10/fd/0", &inode), -ENOENT);
    ck_assert_int_eq(find("10/fd/../..", &inode), 0);
    ck_assert_ptr_eq(inode, root);
    inode_drop(inode);
    ck_assert_int_eq(find("sys/kernel/..", &inode), 0);
    ck_assert_uint_eq(proc_number(inode), PROC_SYS);
    inode_drop(inode);
}
END_TEST

START_TEST(links)
{
    struct inode file = {.linux = world.linux,
                         .refs = 5,
                         .number = 33,
                         .mode = S_IFIFO,
                         .device = 1};
    struct file open = {.inode = &file};
    struct inode *link, *to;
    char text[64];

    files.file[3] = &open;
    ck_assert_int_eq(find("self", &link), 0);
    ck_assert_int_eq(link->ops->readlink(link, text, sizeof(text)), 2);
    ck_assert_mem_eq(text, "10", 2);
    ck_assert_int_eq(link->ops->follow(link, world.task, &to), 1);
    inode_drop(link);
    ck_assert_int_eq(find("20/fd/3", &link), 0);
    ck_assert_int_eq(link->ops->follow(link, world.task, &to), 0);
    ck_assert_ptr_eq(to, &file);
    ck_assert_int_eq(link->ops->readlink(link, text, sizeof(text)), 9);
    ck_assert_mem_eq(text, "pipe:[33]", 9);
    files.file[3] = NULL; // closed meanwhile
    ck_assert_int_eq(link->ops->follow(link, world.task, &to), -ENOENT);
    inode_drop(link);
}
END_TEST

START_TEST(stat)
{
    const char *text = text_of("20/stat");
    u32 spaces = 0;

    ck_assert_int_eq(strncmp(text, "20 (two words)) S 10 20 10 1088 20 0 ", 37),
                     0);
    for (const char *at = strchr(text, ')') + 2; *at != 0; at++)
        spaces += *at == ' ';
    ck_assert_uint_eq(spaces, 50); // 52 fields
    ck_has("20/stat", " 0 25 0 0 0 20 0 1 0 700 0 0 4294967295 ");
    child.state = TASK_ZOMBIE;
    ck_has("20/stat", ") Z 10 ");
    child.state = TASK_STOPPED;
    ck_has("20/status", "State:\tT (stopped)\n");
    world.handlers.action[SIGINT].handler = SIG_IGN;
    world.handlers.action[SIGCHLD].handler = 0x1234;
    ck_has("20/status", "SigIgn:\t0000000000000002\n");
    ck_has("20/status", "SigCgt:\t0000000000010000\n");
    ck_has("20/status", "Umask:\t0022\n");
    ck_has("20/status", "PPid:\t10\n");
    ck_has("10/status", "VmSize:\t       0 kB\n");
    ck_has("10/comm", "sh\n");
    ck_assert_str_eq(text_of("20/environ"), "");
}
END_TEST

START_TEST(maps)
{
    static const struct inode_ops no_ops;
    struct inode program = {.ops = &no_ops,
                            .refs = 1,
                            .number = 52,
                            .device = 1,
                            .mode = S_IFREG,
                            .linux = world.linux};
    struct area stack = {.start = MEMORY_END - 0x800000,
                         .end = MEMORY_END,
                         .prot = 3,
                         .flags = MAP_PRIVATE};
    struct area text = {.next = &stack,
                        .start = 0x8048000,
                        .end = 0x804a000,
                        .prot = 5,
                        .flags = MAP_PRIVATE,
                        .inode = &program,
                        .first = 1};

    memory.areas = &text;
    memory.mapped = 0x802000;
    memory.resident = 3;
    ck_assert_str_eq(
        text_of("10/maps"),
        "08048000-0804a000 r-xp 00001000 00:01 52         /inode:[52]\n"
        "7f7f0000-7fff0000 rw-p 00000000 00:00 0          [stack]\n");
    ck_assert_str_eq(text_of("10/statm"), "2050 3 0 2 0 2048 0\n");
    ck_has("10/status", "VmStk:\t    8192 kB\n");
    memory.areas = NULL;
}
END_TEST

// What a directory lists, each name as lookup finds it.
static const char *
listed(const char *path)
{
    static char all[300];
    struct directory_item item;
    struct inode *dir, *found;
    u64 position = 0;

    all[0] = 0;
    ck_assert_int_eq(find(path, &dir), 0);
    while (dir->ops->list(dir, &position, &item) > 0) {
        ck_assert_int_eq(dir->ops->lookup(dir, item.name, &found), 0);
        ck_assert_uint_eq(found->number, item.inode);
        inode_drop(found);
        sprintf(all + strlen(all), "%s ", item.name);
    }
    inode_drop(dir);
    return all;
}

// Has each thread its own files, beside the process's?
START_TEST(threads)
{
    struct task thread = child;
    struct inode *inode;

    thread.tid = 21;
    thread.res.id = 2001;
    thread.waiting = 0;
    thread.user_us = 30000;
    strcpy(thread.name, "second");
    world.tasks[2] = &thread;
    ck_assert_str_eq(listed("20/task"), ". .. 20 21 ");
    ck_assert_str_eq(listed("20/task/21"),
                     ". .. stat status cmdline comm statm ");
    ck_assert_str_eq(listed("10/task"), ". .. 10 ");
    ck_assert_str_eq(listed("1/task"), ". .. 1 ");
    ck_has("20/stat", "20 (two words)) R 10 20 ");
    ck_has("20/task/20/stat", "20 (two words)) S 10 20 ");
    ck_has("20/task/21/stat", "21 (second) R 10 20 ");
    ck_has("20/task/21/stat", " 0 0 0 0 3 0 ");
    ck_has("20/task/21/stat", " 0 0 -1 0 0 0 0 0 0 ");
    ck_has("20/task/21/status", "Tgid:\t20\nNgid:\t0\nPid:\t21\nPPid:\t10\n");
    ck_assert_str_eq(text_of("20/task/21/comm"), "second\n");
    ck_assert_int_eq(find("20/task/10", &inode), -ENOENT);
    ck_assert_int_eq(find("20/task/21/task", &inode), -ENOENT);
    ck_assert_int_eq(find("21", &inode), -ENOENT);
    ck_assert_int_eq(find("20/task/21/../../stat", &inode), 0);
    inode_drop(inode);
    ck_assert_int_eq(find("20/task/21", &inode), 0);
    world.tasks[2] = NULL;
    struct file *f = open_proc("20/task/20/stat");
    struct inode *stat;

    ck_assert_int_eq(inode->ops->lookup(inode, "stat", &stat), -ENOENT);
    inode_drop(inode);
    child.tid = 22; // the first thread has gone
    ck_assert_int_eq(read_on(f, 100), -ESRCH);
    file_drop(f);
}
END_TEST

// Is process 1 there, though it is no task, and are its links for root only?
START_TEST(process_1)
{
    static const struct inode_ops no_ops;
    struct inode top = {.ops = &no_ops,
                        .refs = 1,
                        .number = 2,
                        .mode = S_IFDIR,
                        .linux = world.linux};
    struct inode *link, *to;

    world.linux->root = &top;
    ck_assert_int_eq(
        strncmp(text_of("1/stat"), "1 (init) S 0 1 1 0 -1 0 0 ", 26), 0);
    ck_has("1/status", "Uid:\t0\t0\t0\t0\n");
    ck_has("1/status", "Threads:\t1\n");
    ck_assert_str_eq(text_of("1/comm"), "init\n");
    ck_assert_str_eq(text_of("1/cmdline"), "");
    ck_assert_str_eq(text_of("1/statm"), "0 0 0 0 0 0 0\n");
    ck_assert_int_eq(find("1/cwd", &link), 0);
    ck_assert_uint_eq(link->uid, 0);
    ck_assert_int_eq(link->ops->follow(link, world.task, &to), 0);
    ck_assert_ptr_eq(to, &top);
    inode_drop(to);
    world.task->uid = world.task->euid = world.task->suid = 5;
    ck_assert_int_eq(link->ops->follow(link, world.task, &to), -EACCES);
    inode_drop(link);
    world.linux->root = NULL;
    ck_has("10/status", "PPid:\t1\n"); // it has lost its parent
    ck_has("20/status", "PPid:\t10\n");
}
END_TEST

static struct file *shared;

// Another thread has the text made anew, in the page that was freed.
static void
read_anew(void)
{
    struct buffer to = {world.task->memory, USER_AT + 0x10000};
    u64 position = 0;

    strcpy(world.task->name, "XX");
    ck_assert_int_eq(shared->ops->read(world.task, shared, &to, 100, &position),
                     100);
}

// Does a read that waits show what has become of its page meanwhile?
START_TEST(made_anew)
{
    shared = open_proc("10/status");
    ck_assert_int_eq(read_on(shared, 6), 6);
    world.while_copying = read_anew;
    ck_assert_int_eq(read_on(shared, 2), 2);
    ck_assert_str_eq(world.user, "sh");
    file_drop(shared);
}
END_TEST

// Do links lead those past closed directories who have no business there?
START_TEST(of_others)
{
    struct inode *link, *to;

    world.task->uid = world.task->euid = world.task->suid = 5;
    ck_assert_int_eq(find("20/exe", &link), 0);
    ck_assert_int_eq(link->ops->follow(link, world.task, &to), -EACCES);
    ck_assert_int_eq(link->ops->readlink(link, world.user, 9), -EACCES);
    child.uid = child.euid = child.suid = 5;
    ck_assert_int_eq(link->ops->follow(link, world.task, &to), -ENOENT);
    child.suid = 0; // it was somebody else
    ck_assert_int_eq(link->ops->follow(link, world.task, &to), -EACCES);
    inode_drop(link);
}
END_TEST

START_TEST(system_files)
{
    ck_has("meminfo", "MemTotal:           4000 kB\nMemFree:");
    ck_has("uptime", "12.34 5.00\n");
    world.linux->load[0] = LOAD_ONE * 3 / 2;
    ck_has("loadavg", "1.50 0.00 0.00 1/2 0\n");
    ck_has("stat", "cpu  734 0 0 500 0 0 0 0 0 0\ncpu0 734 ");
    ck_has("version", "Linux version 5.10.0");
    strcpy(world.linux->hostname, "here");
    ck_assert_str_eq(text_of("sys/kernel/hostname"), "here\n");
    ck_assert_str_eq(text_of("sys/kernel/ostype"), "Linux\n");
    ck_has("10/mounts", "proc /proc proc rw,relatime 0 0\n");
    ck_has("tender/saves", "newest: 7\n");
}
END_TEST

// A text stays as it was; from the beginning it is made anew; a restart shows.
START_TEST(restarts)
{
    struct file *f = open_proc("tender/restart");

    ck_assert_int_eq(read_on(f, 8), 8);
    world.linux->outcome = 2;
    world.linux->save = 41;
    world.linux->lost_us = 1250000;
    world.linux->restarts = 1;
    ck_assert_uint_eq(f->ops->poll(f) & POLLPRI, POLLPRI);
    ck_assert_int_gt(read_on(f, 1000), 0);
    ck_assert_ptr_nonnull(strstr(world.user, "cold\nsave: 0\n"));
    f->position = 0;
    ck_assert_int_gt(read_on(f, 1000), 0);
    ck_assert_ptr_nonnull(
        strstr(world.user, "outcome: restored\nsave: 41\nlost_us: 1250000\n"
                           "restarts: 1\n"));
    ck_assert_ptr_nonnull(strstr(world.user, "to save 41, of 1.2 seconds"));
    ck_assert_uint_eq(f->ops->poll(f) & POLLPRI, 0);
    file_drop(f);
}
END_TEST

START_TEST(goes)
{
    struct file *f = open_proc("20/stat");
    struct inode *dir, *inode;
    struct directory_item item;
    u64 position = 0;

    ck_assert_int_eq(find("20/fd", &dir), 0);
    child.res.id = child.leader = 2001; // another process with its number
    ck_assert_int_eq(read_on(f, 100), -ESRCH);
    ck_assert_int_eq(dir->ops->lookup(dir, "0", &inode), -ENOENT);
    ck_assert_int_eq(dir->ops->list(dir, &position, &item), -ENOENT);
    ck_has("20/comm", "two words)");
    world.tasks[1] = NULL;
    ck_assert_int_eq(read_on(f, 100), -ESRCH);
    ck_assert_int_eq(dir->ops->list(dir, &position, &item), -ENOENT);
    inode_drop(dir);
    file_drop(f);
    for (u32 i = 1; i < 40; i++)
        pool_used[i] = 1; // no memory
    ck_assert_int_eq(find("10/stat", &inode), 0);
    f = file_new(world.linux, inode->file_ops, 0, inode, NULL);
    ck_assert_int_eq(f->ops->open(world.task, f), -ENOMEM);
    f->ops = &regular_ops;
    file_drop(f);
    inode_drop(inode);
    ck_assert_int_eq(find("self", &inode), 0);
    ck_assert_int_eq(inode->ops->readlink(inode, world.user, 9), -ENOMEM);
    inode_drop(inode);
}
END_TEST

static int
write_to(const char *path, const char *text)
{
    struct file *f = open_proc(path);
    struct buffer from = {world.task->memory, USER_AT};

    strcpy(world.user, text);
    int result =
        f->ops->write(world.task, f, &from, (u32)strlen(text), &f->position);

    file_drop(f);
    return result;
}

// Can what may be set be set, and nothing else?
START_TEST(written)
{
    ck_assert_str_eq(text_of("20/oom_score_adj"), "0\n");
    ck_assert_int_eq(write_to("20/oom_score_adj", "-500\n"), 5);
    ck_assert_str_eq(text_of("20/oom_score_adj"), "-500\n");
    ck_assert_str_eq(text_of("10/oom_score_adj"), "0\n");
    ck_assert_int_eq(write_to("20/oom_score_adj", "x"), -EINVAL);
    ck_assert_int_eq(write_to("20/oom_score_adj", "7            x"), 12);
    ck_assert_str_eq(text_of("20/oom_score_adj"), "7\n");
    ck_assert_int_eq(write_to("20/comm", "x"), -EIO);
}
END_TEST

int
main(void)
{
    const TTest *const test[] = {
        names,     links,        stat,     maps, process_1, threads, made_anew,
        of_others, system_files, restarts, goes, written,   NULL};
    const struct suite suite = {.name = "linux_proc",
                                .open = open_world,
                                .close = close_world,
                                .test = test};

    return suite_run(&suite);
}
