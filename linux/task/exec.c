// exec.c -- a task starts another program
//
// All that may fail is done before anything of the old program is given up: the
// file is checked, the new address space is complete. Then the other threads
// end, and the task changes over; from there on nothing fails.
#include "linux/calls.h"
#include "linux/errno.h"
#include "linux/task/exec_parts.h"
#include "tender/text.h"

#define SCRIPTS_MAX 5u
#define S_ISUID 04000u
#define S_ISGID 02000u

// --- the file ---

static int
read_file(struct inode *inode, void *to, u32 bytes, u64 at)
{
    struct buffer buffer = {NULL, (word)to};

    return inode->ops->read == NULL
               ? -EACCES
               : inode->ops->read(inode, &buffer, bytes, at);
}

static int
find(struct exec *x)
{
    inode_drop(x->inode);
    x->inode = NULL;
    int err = path_find(x->task, AT_FDCWD, x->path, 0, &x->inode, NULL);

    if (err < 0)
        return err;
    if (!inode_is(x->inode, S_IFREG))
        return -EACCES;
    err = inode_access(x->task, x->inode, 1);
    if (err < 0)
        return err;
    if (file_written(x->linux, x->inode))
        return -ETXTBSY;
    err =
        read_file(x->inode, pages_at(&x->linux->pages, x->head), PAGE_SIZE, 0);
    if (err < 0)
        return err;
    x->head_bytes = (u32)err;
    return 0;
}

// Names in a line are cut off at so much.
#define SAID 80u

static int
refuse_dynamic(struct exec *x)
{
    char name[256 + 1];
    char path[SAID], wants[SAID];
    u32 bytes = MIN(x->image.interpreter_bytes, (u32)sizeof(name) - 1);
    int got = read_file(x->inode, name, bytes, x->image.interpreter_at);

    if (got < 0)
        return got;
    if (got == 0 || name[got - 1] != 0)
        return -ENOEXEC;
    say("tender: linux: %s is dynamic: it wants the interpreter %s; only "
        "static programs can be run\n",
        text_plain(path, x->path, SAID), text_plain(wants, name, SAID));
    return -ENOENT;
}

static int
check(struct exec *x)
{
    struct pages *pages = &x->linux->pages;
    u8 *parts = pages_at(pages, x->parts);
    int err = image_head(&x->image, pages_at(pages, x->head), x->head_bytes,
                         x->inode->size);

    if (err < 0)
        return err;
    u32 bytes = x->image.parts * IMAGE_PART_BYTES;

    err = read_file(x->inode, parts, bytes, x->image.parts_at);
    if (err < 0)
        return err;
    if ((u32)err != bytes)
        return -ENOEXEC;
    err = image_check(&x->image, parts, x->inode->size);
    if (err == 0 && x->image.interpreter_bytes != 0)
        err = refuse_dynamic(x);
    return err;
}

static void
say_missing(const struct exec *x)
{
    char path[SAID], wants[SAID];

    say("tender: linux: %s is a script: its interpreter %s is missing\n",
        text_plain(path, x->asked, SAID), text_plain(wants, x->path, SAID));
}

// The file to load, behind all scripts.  A shell of Linux says itself what it did
// not find.
static int
look(struct exec *x)
{
    for (u32 n = 0; n <= SCRIPTS_MAX; n++) {
        int err = find(x);

        if (err == -ENOENT && n > 0 && x->task->execution == RID_NONE)
            say_missing(x);
        if (err == 0)
            err = exec_script(x);
        if (err < 0)
            return err;
        if (err == 0)
            return check(x);
    }
    return -ELOOP;
}

// --- what is made before anything is given up ---

static void
new_ids(struct exec *x)
{
    const struct task *t = x->task;

    x->euid = (x->inode->mode & S_ISUID) != 0 ? x->inode->uid : t->euid;
    x->egid = (x->inode->mode & S_ISGID) != 0 ? x->inode->gid : t->egid;
}

static int
make(struct exec *x)
{
    struct linux *l = x->linux;
    struct task *t = x->task;
    int err;

    x->head = pages_new_raw(&l->pages);
    x->parts = pages_new_raw(&l->pages);
    x->command = pages_new(&l->pages);
    if (x->head == 0 || x->parts == 0 || x->command == 0)
        return -ENOMEM;
    err = look(x);
    if (err < 0)
        return err;
    new_ids(x);
    if (t->files->refs > 1 && (x->files = files_copy(t->files)) == NULL)
        return -ENOMEM;
    if (t->handlers->refs > 1 &&
        (x->handlers = handlers_copy(l, t->handlers)) == NULL)
        return -ENOMEM;
    err = memory_new(l, &x->memory);
    if (err == 0)
        err = image_map(&x->image, pages_at(&l->pages, x->parts), x->memory,
                        x->inode);
    return err == 0 ? exec_stack(x) : err;
}

static void
drop_page(struct linux *l, page_no page)
{
    if (page != 0)
        pages_drop(&l->pages, page);
}

static void
exec_drop(struct exec *x)
{
    struct linux *l = x->linux;

    inode_drop(x->inode);
    if (x->memory != NULL)
        memory_drop(x->memory);
    if (x->files != NULL)
        files_drop(x->files);
    handlers_drop(l, x->handlers);
    drop_page(l, x->head);
    drop_page(l, x->parts);
    drop_page(l, x->front);
    drop_page(l, x->command);
    heap_free(&l->heap, x, sizeof(*x));
}

int
exec_program(struct task *t, const char *path, struct exec_strings *s,
             struct frame *frame)
{
    struct linux *l = t->linux;
    struct exec *x = heap_new(&l->heap, sizeof(*x));

    if (x == NULL)
        return -ENOMEM;
    x->linux = l;
    x->task = t;
    x->strings = s;
    x->path = x->asked = path;
    x->args = s->args;
    x->front_at = PAGE_SIZE;
    int err = make(x);

    if (err == 0)
        err = exec_change(x, frame);
    exec_drop(x);
    // Linux sees that of the segments when the old program is gone.
    if (err == -EFAULT && t->execution != RID_NONE)
        task_end_process(t, (int)SIGSEGV);
    return err;
}

// --- the call ---

static int
execve_in(struct task *t, char *path, const u32 *a)
{
    struct linux *l = t->linux; // the task may become another entry
    struct exec_strings s = {0};
    int length = memory_string(t->memory, path, a[0], FILE_PATH_MAX);
    int err = length;

    if (length == 0)
        err = -ENOENT;
    if (err > 0)
        err = exec_strings_user(t, &s, a[1]);
    if (err >= 0) {
        s.args = (u32)err;
        err = exec_strings_user(t, &s, a[2]);
    }
    if (err >= 0) {
        s.environment = (u32)err;
        err = exec_program(t, path, &s, t->frame);
    }
    exec_strings_drop(l, &s);
    return err;
}

int
sys_execve(struct task *t, const u32 *a)
{
    struct linux *l = t->linux;
    page_no page = pages_new_raw(&l->pages);

    if (page == 0)
        return -ENOMEM;
    int err = execve_in(t, pages_at(&l->pages, page), a);

    pages_drop(&l->pages, page);
    return err;
}
