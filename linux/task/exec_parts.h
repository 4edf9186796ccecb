// exec_parts.h -- what the files of linux/exec*.c ask of each other
#ifndef LINUX_EXEC_PARTS_H
#define LINUX_EXEC_PARTS_H

#include "linux/task/elf_load.h"
#include "linux/linux.h"

// A program that is about to be executed. All of it is given back by
// exec_drop(), whatever was reached.
struct exec {
    struct linux *linux;
    struct task *task;
    struct exec_strings *strings;
    const char *asked; // the path that was asked for
    const char *path;  // that of the script's program in the end
    u32 skip;          // bytes of the strings that scripts replaced
    u32 args;          // with those in front, without those skipped
    page_no front;     // strings before the others, at the end of the page
    u32 front_at;
    page_no head;  // the first bytes of the file
    page_no parts; // its program headers
    u32 head_bytes;
    struct inode *inode; // held
    struct image image;
    struct memory *memory; // the new one
    struct files *files;   // the new ones, if they were shared
    struct handlers *handlers;
    page_no command; // for /proc
    u32 command_bytes;
    u32 esp;
    u32 euid, egid;
};

// exec_script.c: `#!`: what the file names is executed instead. 1, 0 if it is
// no script, -errno.
int exec_script(struct exec *x);

// exec_stack.c: strings, pointers and the auxiliary vector in x->memory. 0 or
// -errno.
int exec_stack(struct exec *x);

// exec_change.c: the task becomes the program in x; what it had is in x then,
// to be dropped. 0, or -EINTR: it is to end, and nothing was changed.
int exec_change(struct exec *x, struct frame *frame);

// exec_strings.c
int exec_strings_add(struct linux *l, struct exec_strings *s, const char *text);
// What argv or envp of a program names. -> how many, or -errno
int exec_strings_user(struct task *t, struct exec_strings *s, u32 pointers);
void exec_strings_drop(struct linux *l, struct exec_strings *s);

#endif
