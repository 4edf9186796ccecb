// spawn.c -- the first task of a session: a native process asked for it
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/task/exec_parts.h"
#include "linux/file/place.h"
#include "tender/text.h"

#define SS_DISABLE 2u
#define CONSOLE "/dev/console"

static int
make_parts(struct linux *l, struct task *t)
{
    t->group = t->session = t->pid;
    t->groups_used = 1; // root's
    t->exit_signal = SIGCHLD;
    t->alt_flags = SS_DISABLE;
    limits_begin(t);
    t->files = files_new(l);
    t->place = place_new(l, l->root);
    t->handlers = handlers_new(l);
    return t->files == NULL || t->place == NULL || t->handlers == NULL ? -ENOMEM
                                                                       : 0;
}

// Descriptors 0, 1 and 2 are the terminal.
static int
open_console(struct task *t, int foreground)
{
    struct inode *inode;
    struct file *file;
    int err = path_find(t, AT_FDCWD, CONSOLE, 0, &inode, NULL);

    if (err < 0)
        return err;
    err = file_open(t, inode, O_RDWR | O_NOCTTY, &file);
    inode_drop(inode);
    if (err < 0)
        return err;
    if (foreground)
        tty_bind(file);
    for (u32 n = 0; n < 3; n++) {
        file_hold(file);
        err = files_add(t->files, file, 0, 0);
        if (err < 0) {
            file_drop(file);
            break;
        }
    }
    file_drop(file);
    return err < 0 ? err : 0;
}

static int
make_strings(struct linux *l, struct exec_strings *s, const char *args,
             u32 bytes)
{
    static const char *const environment[] = {
        "PATH=/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin",
        "HOME=/root",
        "USER=root",
        "LOGNAME=root",
        "SHELL=/bin/sh",
        "TERM=linux"};
    int err = 0;

    for (u32 at = 0; err == 0 && at < bytes; s->args++) {
        err = exec_strings_add(l, s, args + at);
        at += text_length(args + at) + 1;
    }
    for (u32 i = 0; err == 0 && i < ARRAY_LEN(environment); i++) {
        err = exec_strings_add(l, s, environment[i]);
        s->environment++;
    }
    return err;
}

// For people: a file that is there and cannot be run is no program, whatever is
// wrong with it.
static int
refusal(struct task *t, const char *path, int err)
{
    struct inode *inode;

    if (err == -EFAULT || err == -ELOOP)
        return -ENOEXEC;
    if (err != -ENOENT || path_find(t, AT_FDCWD, path, 0, &inode, NULL) < 0)
        return err;
    inode_drop(inode);
    return -ENOEXEC;
}

static int
start(struct linux *l, struct task *t, const char *path, const char *args,
      u32 bytes, int foreground)
{
    struct exec_strings s = {0};
    struct frame frame;
    int err = make_parts(l, t);

    if (err == 0)
        err = open_console(t, foreground);
    if (err == 0)
        err = make_strings(l, &s, args, bytes);
    if (err == 0)
        err = refusal(t, path, exec_program(t, path, &s, &frame));
    exec_strings_drop(l, &s);
    return err == 0 ? task_begin(t, &frame) : err;
}

// The terminal is the new session's before its program runs.
int
task_spawn(struct linux *l, rid owner, const char *path, const char *args,
           u32 args_bytes, int foreground)
{
    int err = linux_populate(l);

    if (err < 0)
        return err;
    struct task *t = task_new(l, NULL);

    if (t == NULL)
        return -EAGAIN;
    t->res.owner = owner;
    err = start(l, t, path, args, args_bytes, foreground);
    if (err < 0) {
        task_drop(t);
        if (t->memory != NULL)
            memory_drop(t->memory);
        task_forget(t);
        return err;
    }
    if (foreground)
        tty_take(&l->tty, t->session, t->group);
    return (int)t->res.id;
}
