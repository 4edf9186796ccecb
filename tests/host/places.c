// places.c -- spaces whose contents follow from a version number
#include <stdio.h>
#include <stdlib.h>

#include "bytes.h"
#include "host_kernel.h"
#include "plate/check.h"
#include "vspace/pager.h"

#define WORDS 24u // of a page that are used, in as many lines
#define MARKS 3u

static void
get_place(struct kernel_place *place, u32 index)
{
    peek(place, &kernel()->place[index], sizeof(*place));
}

// Whether a version writes a page, having written it when it was born.
static int
is_written(const struct kernel_place *place, u32 page, u32 version)
{
    return version == place->born ||
           (version > place->born &&
            (version + page * 2 + place->serial) % 3 == 0);
}

// The version whose contents a page has at this version.
static u32
version_of(const struct kernel_place *place, u32 page, u32 version)
{
    while (version > place->born && !is_written(place, page, version))
        version--;
    return version;
}

static u32
word_offset(u32 i)
{
    return i * 41 % (PAGE_SIZE / 4) * 4;
}

static u32
word_value(const struct kernel_place *place, u32 page, u32 version, u32 i)
{
    return (place->serial << 24 | page << 16 | version << 8 | i) ^ 0xa5a50000;
}

// What a trap does when a program's page is paged out: 0 if it is back.
static int
page_in(u32 va)
{
    struct host_kernel *k = kernel();

    return k->plates.pager == NULL
               ? E_POINTER
               : pager_fault(k->plates.pager, vspace_get(&k->vs, k->vspace),
                             va);
}

static int
user_write(u32 directory, u32 va, const void *from, u32 bytes)
{
    u32 at;

    do
        at = fake_user_write(directory, va, from, bytes);
    while (at != 0 && page_in(at) == 0);
    return at == 0 ? 0 : E_POINTER;
}

static int
user_read(u32 directory, u32 va, void *to, u32 bytes)
{
    u32 at;

    do
        at = fake_user_read(directory, va, to, bytes);
    while (at != 0 && page_in(at) == 0);
    return at == 0 ? 0 : E_POINTER;
}

static void
write_page(const struct kernel_place *place, u32 page, u32 version)
{
    u32 directory = peek_word(&kernel()->directory);

    for (u32 i = 0; i < WORDS; i++) {
        u32 va = place->va + page * PAGE_SIZE + word_offset(i);
        u32 value = word_value(place, page, version, i);

        if (!place->user)
            poke_word(kernel_at(va), value);
        else if (user_write(directory, va, &value, 4) != 0)
            fake_fail("the program cannot write its page at 0x%08x", va);
    }
}

static void
write_place(const struct kernel_place *place, u32 version)
{
    for (u32 page = 0; page < place->pages; page++)
        if (is_written(place, page, version))
            write_page(place, page, version);
}

// Words nobody uses, one in each page of the kernel's data: the version, too.
static u32 *
mark(u32 i)
{
    struct gate *gate = &kernel()->gate;
    u32 *marks[MARKS] = {&gate->kind[KIND_NONE].calls[0],
                         &gate->kind[KIND_VUNIT].calls[0],
                         &gate->trace[100].spare};

    return marks[i];
}

u32
places_version(void)
{
    return peek_word(&kernel()->version);
}

void
places_write(void)
{
    u32 version = places_version() + 1;
    struct kernel_place place;

    for (u32 i = 0; i < PLACES; i++) {
        get_place(&place, i);
        if (place.space != RID_NONE)
            write_place(&place, version);
    }
    for (u32 i = 0; i < MARKS; i++)
        poke_word(mark(i), version);
    poke_word(&kernel()->version, version);
}

// --- making and deleting ---

static int
make_kernel_space(struct kernel_place *place)
{
    struct gate *gate = &kernel()->gate;
    int id = gate_create(gate, KIND_VKSPACE, NULL, place->pages, SPACE_WRITABLE,
                         0, 0);

    if (id < 0)
        return id;
    place->space = (rid)id;
    return gate_control(gate, (rid)id, VK_ADDRESS, (word)&place->va, 0, 0);
}

static int
make_user_space(struct kernel_place *place)
{
    struct gate *gate = &kernel()->gate;
    rid vspace = peek_word(&kernel()->vspace);
    int region = gate_create(gate, KIND_REGION, NULL, place->pages * PAGE_SIZE,
                             REGION_PROGRAM, 0, 0);

    if (region < 0)
        return region;
    int id = gate_create(gate, KIND_VUSPACE, NULL, (rid)region, 0, VU_WRITABLE,
                         vspace);

    if (id < 0) {
        gate_delete(gate, (rid)region);
        return id;
    }
    place->region = (rid)region;
    place->space = (rid)id;
    place->va = (u32)gate_control(gate, (rid)id, VU_ADDRESS, 0, 0, 0);
    return 0;
}

int
place_create(u32 pages, u32 user)
{
    struct host_kernel *k = kernel();
    struct kernel_place place = {.pages = pages, .user = user};
    struct kernel_place old;
    u32 index = 0;
    int err;

    for (;; index++) {
        if (index == PLACES)
            fake_fail("the test uses more than %u places", PLACES);
        get_place(&old, index);
        if (old.space == RID_NONE)
            break;
    }
    err = user ? make_user_space(&place) : make_kernel_space(&place);
    if (err < 0)
        return err;
    place.serial = peek_word(&k->serials) + 1;
    place.born = peek_word(&k->version);
    poke_word(&k->serials, place.serial);
    poke(&k->place[index], &place, sizeof(place));
    write_place(&place, place.born);
    return (int)index;
}

int
place_delete(u32 index)
{
    struct kernel_place place;
    int err;

    get_place(&place, index);
    err = gate_delete(&kernel()->gate, place.space);
    if (err == 0 && place.user)
        err = gate_delete(&kernel()->gate, place.region);
    if (err == 0)
        poke_word(&kernel()->place[index].space, RID_NONE);
    return err;
}

// --- checking ---

static char sentence[160];

static const char *
page_wrong(const struct kernel_place *place, u32 page, u32 version,
           u32 directory)
{
    u32 va = place->va + page * PAGE_SIZE;
    u32 expected[PAGE_SIZE / 4];
    u32 found[PAGE_SIZE / 4];
    size_t same;

    bytes_fill(expected, 0, PAGE_SIZE);
    version = version_of(place, page, version);
    for (u32 i = 0; i < WORDS; i++)
        expected[word_offset(i) / 4] = word_value(place, page, version, i);
    if (!place->user)
        peek(found, kernel_at(va), PAGE_SIZE);
    else if (user_read(directory, va, found, PAGE_SIZE) != 0)
        return "a page of the program is not there";
    same = bytes_same(expected, found, PAGE_SIZE);
    if (same == PAGE_SIZE)
        return NULL;
    snprintf(
        sentence, sizeof(sentence),
        "page %u of place %u (%s, 0x%08x) holds 0x%08x at 0x%03zx, not 0x%08x "
        "of version %u",
        page, place->serial, place->user ? "user" : "kernel", place->va,
        found[same / 4], same, expected[same / 4], version);
    return sentence;
}

static const char *
places_wrong(void)
{
    struct host_kernel *k = kernel();
    const char *wrong = NULL;
    struct kernel_place place;

    for (u32 i = 0; i < PLACES && wrong == NULL; i++) {
        get_place(&place, i);
        if (place.space == RID_NONE)
            continue;
        for (u32 page = 0; page < place.pages && wrong == NULL; page++)
            wrong = page_wrong(&place, page, peek_word(&k->version),
                               peek_word(&k->directory));
    }
    return wrong;
}

static const char *
marks_wrong(void)
{
    u32 version = places_version();

    for (u32 i = 0; i < MARKS && version > 1; i++)
        if (peek_word(mark(i)) != version)
            return "a page of the kernel's data is of another version";
    return NULL;
}

const char *
kernel_wrong(void)
{
    struct host_kernel *k = kernel();
    u8 *scratch = calloc(1, kernel_pages);
    const char *wrong = check_tables(&k->plates, scratch);

    if (wrong == NULL)
        wrong = check_mappings(&k->plates, &k->vk);
    if (wrong == NULL)
        wrong = check_mappings(&k->plates, &k->vu);
    if (wrong == NULL) {
        bytes_fill(scratch, 0, kernel_pages);
        wrong = check_caches(&k->plates, scratch);
    }
    free(scratch);
    if (wrong == NULL)
        wrong = marks_wrong();
    if (wrong == NULL)
        wrong = places_wrong();
    return wrong;
}
