// linux_world.c -- a pool of Linux programs in the small kernel's plated memory
#include "linux_model.h"

#include "linux/errno.h"
#include "linux/file/tree.h"

#define OWN_AT 0x20000000u
#define BOTH_AT 0x30000000u
#define RW (PROT_READ | PROT_WRITE)

struct world *world;

static void *
get(const void *from)
{
    void *value;

    peek(&value, from, sizeof(value));
    return value;
}

struct pages *
world_pool(void)
{
    return &world->linux.pages;
}

struct memory *
world_parent(void)
{
    return get(&world->parent);
}

struct memory *
world_child(void)
{
    return get(&world->child);
}

struct inode *
world_file(void)
{
    return get(&world->file);
}

static void
must(int result, const char *what)
{
    if (result < 0)
        fake_fail("%s: %d", what, result);
}

// --- what programs do ---

static u32
access_user(const struct memory *m, u32 va, u32 *value, int write)
{
    const struct vspace_entry *e =
        vspace_get(&kernel()->vs, peek_word(&m->vspace));
    u32 directory = peek_word(&e->page_directory);

    return write ? fake_user_write(directory, va, value, 4)
                 : fake_user_read(directory, va, value, 4);
}

static void
program(struct memory *m, u32 va, u32 *value, int write)
{
    for (u32 tries = 0; access_user(m, va, value, write) != 0; tries++)
        if (tries == 2 || memory_fault(m, va, write) < 0)
            fake_fail("a program cannot reach 0x%08x", va);
}

u32
program_load(struct memory *m, u32 va)
{
    u32 value = 0;

    program(m, va, &value, 0);
    return value;
}

static void
program_store(struct memory *m, u32 va, u32 value)
{
    program(m, va, &value, 1);
}

u32
own_at(u32 page)
{
    return OWN_AT + page * (PAGE_SIZE + 8);
}

u32
both_at(u32 page)
{
    return BOTH_AT + page * (PAGE_SIZE + 4);
}

u32 *
loose_at(u32 i, page_no page)
{
    return (u32 *)pages_at(world_pool(), page) + i;
}

// --- from one version to the next ---

static void
loose_drop(page_no page)
{
    for (u32 n = page == 0 ? 0 : pages_refs(world_pool(), page); n > 0; n--)
        pages_drop(world_pool(), page);
}

static void
loose_change(u32 i, u32 version)
{
    page_no page = peek_word(&world->loose[i]);
    u32 refs = loose_refs(i, version);

    if (!loose_is(i, version)) {
        loose_drop(page);
        poke_word(&world->loose[i], 0);
        return;
    }
    if (page == 0) {
        page = pages_new(world_pool());
        must(page == 0 ? -ENOMEM : 0, "a page");
        poke_word(&world->loose[i], page);
    }
    while (pages_refs(world_pool(), page) < refs)
        pages_hold(world_pool(), page);
    while (pages_refs(world_pool(), page) > refs)
        pages_drop(world_pool(), page);
    if (loose_is_written(i, version))
        poke_word(loose_at(i, page), loose_word(i, version));
}

static void
ballast_change(int hold)
{
    for (u32 i = 0; i < BALLAST; i++) {
        page_no page = peek_word(&world->ballast[i]);

        if (page != 0)
            pages_drop(world_pool(), page);
        page = hold ? pages_new_raw(world_pool()) : 0;
        must(hold && page == 0 ? -ENOMEM : 0, "ballast");
        poke_word(&world->ballast[i], page);
    }
}

static void
child_change(u32 version)
{
    struct memory *child = world_child();

    if (child != NULL && !has_child(version)) {
        memory_drop(child);
        child = NULL;
    } else if (child == NULL && has_child(version)) {
        must(memory_fork(world_parent(), &child), "fork");
    }
    poke(&world->child, &child, sizeof(child));
}

static void
programs_change(u32 version)
{
    struct memory *one = has_child(version) ? world_child() : world_parent();
    u32 both = both_written(version);

    for (u32 i = 0; i < OWN; i++) {
        if (parent_writes(i, version))
            program_store(world_parent(), own_at(i), parent_word(i, version));
        if (child_writes(i, version))
            program_store(world_child(), own_at(i), child_word(i, version));
    }
    program_store(one, both_at(both), both_word(both, version));
}

static void
change(u32 version)
{
    for (u32 i = 0; i < LOOSE; i++)
        loose_change(i, version);
    child_change(version);
    programs_change(version);
}

void
world_change(int ballast)
{
    places_write();
    change(places_version());
    if (ballast)
        ballast_change(places_version() % 2 == 1);
}

// --- the beginning and the end ---

static void
gather(void *state)
{
    memory_gather(state);
}

static u32
reserve(void *state)
{
    return plate_reserve(state);
}

// As boot/wiring.c does it.
static void
start_linux(struct linux *l)
{
    struct plates *p = &kernel()->plates;
    void (*gatherer)(void *) = gather;

    l->gate = &kernel()->gate;
    l->vs = &kernel()->vs;
    l->executions = &world->executions;
    l->table = &world->tasks;
    pages_init(&l->pages, l->gate, l->vs);
    heap_init(&l->heap, &l->pages);
    l->pages.copies = 2;
    l->pages.reserve = reserve;
    l->pages.reserve_state = p;
    poke(&p->gather, &gatherer, sizeof(gatherer));
    poke(&p->gather_state, &l, sizeof(l));
}

// The areas are greater than what of them is used.
static void
start_programs(struct linux *l)
{
    must(tree_anonymous(l, &world->file), "a file");
    must(tree_truncate(world->file, BOTH * 2 * PAGE_SIZE), "its size");
    must(memory_new(l, &world->parent), "an address space");
    must(memory_map(world->parent, OWN_AT, OWN * 2 * PAGE_SIZE, RW,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, NULL, 0),
         "private memory");
    must(memory_map(world->parent, BOTH_AT, BOTH * 2 * PAGE_SIZE, RW,
                    MAP_SHARED | MAP_FIXED, world->file, 0),
         "shared memory");
}

void
world_make(void)
{
    struct gate *gate = &kernel()->gate;
    u32 va = 0;
    int id = gate_create(gate, KIND_VKSPACE, NULL, PAGES_OF(sizeof(*world)),
                         SPACE_WRITABLE, 0, 0);

    must(id, "a space for the world");
    must(places_version() == FIRST ? 0 : -EINVAL, "the first version");
    gate_control(gate, (rid)id, VK_ADDRESS, (word)&va, 0, 0);
    world = kernel_at(va);
    start_linux(&world->linux);
    start_programs(&world->linux);
    change(FIRST);
}

const char *
world_end(void)
{
    for (u32 i = 0; i < LOOSE; i++)
        loose_drop(peek_word(&world->loose[i]));
    ballast_change(0);
    if (world_child() != NULL)
        memory_drop(world_child());
    memory_drop(world_parent());
    inode_drop(world_file());
    if (peek_word(&world->linux.heap.used) != 0)
        return "objects are left in the heap";
    if (peek_word(&world_pool()->used) != 0)
        return "pages are left in the pool";
    return pages_check(world_pool());
}
