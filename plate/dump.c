// dump.c -- what an NV memory holds, as lines of text for people
#include "plate/dump.h"

#include "plate/slot.h"
#include "tender/crc.h"
#include "tender/ram.h"
#include "tender/table.h"
#include "tender/text.h"

static void __attribute__((format(printf, 2, 3)))
print(const struct dump *dump, const char *format, ...)
{
    char text[256];
    va_list list;

    va_start(list, format);
    text_vformat(text, sizeof(text), format, list);
    va_end(list);
    dump->line(dump->state, text);
}

static const char *
fits(u32 stored, u32 computed)
{
    return stored == computed ? "fits" : "DOES NOT FIT";
}

static const char *
all_zero(const u32 *words, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (words[i] != 0)
            return "NOT 0";
    return "all 0";
}

// A magic number as the four letters it is.
static void
dump_magic(const struct dump *dump, u32 magic, u32 right)
{
    char letters[5] = {0};

    for (u32 i = 0; i < 4; i++) {
        char c = (char)(magic >> 8 * i);

        letters[i] = c >= ' ' && c <= '~' ? c : '.';
    }
    const char *wrong = magic == 0 ? "  none" : "  WRONG";

    print(dump, "  magic         0x%08x  \"%s\"%s", magic, letters,
          magic == right ? "" : wrong);
}

// --- root --------------------------------------------------------------------

static void
dump_limits(const struct dump *dump, const struct limits *l)
{
    print(dump, "  limits        %u real memories, %u regions, %u plates,",
          l->real_memories, l->regions, l->plates);
    print(dump, "                %u virtual and %u virtual kernel spaces,",
          l->vspaces, l->vkspaces);
    print(dump, "                %u pages of kernel data", l->data_pages);
}

static void
dump_generation(const struct dump *dump, const char *name, u32 stored)
{
    u32 generation = root_generation(stored);

    if (generation == -1u)
        print(dump, "  %-12s  0x%08x  DAMAGED (its parity does not fit)", name,
              stored);
    else if (generation == 0)
        print(dump, "  %-12s  0x%08x  none", name, stored);
    else
        print(dump, "  %-12s  0x%08x  save %u, in slot %u", name, stored,
              generation, generation & 1);
}

void
dump_root(const struct dump *dump)
{
    const struct nv_root *root = root_at();

    print(dump, "root at 0x%08x", NV_ROOT_PA);
    dump_magic(dump, root->magic, NV_ROOT_MAGIC);
    print(dump, "  format        %u", root->format);
    print(dump, "  memory        %u pages (%u MiB)", root->memory_pages,
          root->memory_pages / 256);
    print(dump, "  kernel build  %08x", root->build);
    dump_limits(dump, &root->limits);
    print(dump, "  reserved      %s",
          all_zero(root->reserved, ARRAY_LEN(root->reserved)));
    print(dump, "  checksum      0x%08x  %s", root->crc,
          fits(root->crc, crc_add(0, root, offsetof(struct nv_root, crc))));
    dump_generation(dump, "commit", root->commit);
    dump_generation(dump, "previous", root->previous);
    print(dump, "  flag          0x%08x  %s", root->flag,
          root->flag == FLAG_NORMAL     ? "normal"
          : root->flag == FLAG_ABNORMAL ? "abnormal"
                                        : "DAMAGED");
    print(dump, "  boots         %u", root->boots);
    print(dump, "  padding       %s",
          all_zero(root->padding, ARRAY_LEN(root->padding)));
}

// --- shutdown and slots ------------------------------------------------------

static void
dump_cpu(const struct dump *dump, const struct cpu_state *cpu)
{
    const u32 *s = cpu->segments;

    print(dump, "  eip %08x  esp %08x  ebp %08x  eflags %08x", cpu->eip,
          cpu->esp, cpu->ebp, cpu->eflags);
    print(dump, "  ebx %08x  esi %08x  edi %08x  tr %04x  ldt %04x", cpu->ebx,
          cpu->esi, cpu->edi, cpu->tr, cpu->ldt);
    print(dump, "  cr0 %08x  cr3 %08x  cr4 %08x", cpu->cr0, cpu->cr3, cpu->cr4);
    print(dump, "  gdt %08x+%04x  idt %08x+%04x", cpu->gdt_base, cpu->gdt_limit,
          cpu->idt_base, cpu->idt_limit);
    print(dump, "  cs %04x  ds %04x  es %04x  fs %04x  gs %04x  ss %04x", s[0],
          s[1], s[2], s[3], s[4], s[5]);
}

void
dump_shutdown(const struct dump *dump, const struct layout *layout)
{
    const struct nv_shutdown *shutdown = ram_at(layout->shutdown_pa);
    u32 crc = crc_add(0, &shutdown->cpu, sizeof(shutdown->cpu));

    print(dump, "shutdown state at 0x%08x", layout->shutdown_pa);
    dump_magic(dump, shutdown->magic, NV_CPU_MAGIC);
    if (shutdown->magic != NV_CPU_MAGIC)
        return;
    print(dump, "  boots         %u  %s", shutdown->boots,
          shutdown->boots == root_at()->boots ? "of the newest boot"
                                              : "of an earlier boot");
    print(dump, "  tables        0x%08x  %s", shutdown->tables_crc,
          shutdown->tables_crc == slot_live_crc(layout)
              ? "the live tables fit"
              : "the live tables do not fit (usual once it was continued)");
    print(dump, "  checksum      0x%08x  %s", shutdown->crc,
          fits(shutdown->crc, crc));
    dump_cpu(dump, &shutdown->cpu);
}

// How many pages of the table copies fit their checksums.
static u32
count_fitting(const struct layout *layout, u32 slot)
{
    const struct nv_slot *header = slot_at(layout, slot);
    u32 number = 0;
    u32 fitting = 0;

    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        for (u32 i = 0; i < layout->table_pages[t]; i++, number++) {
            u32 pa = layout->slot_table_pa[slot][t] + i * PAGE_SIZE;

            if (header->page_crc[number] == crc_add(0, ram_at(pa), PAGE_SIZE))
                fitting++;
        }
    return fitting;
}

void
dump_slot(const struct dump *dump, const struct layout *layout, u32 slot)
{
    const struct nv_slot *header = slot_at(layout, slot);
    const u32 *pages = header->table_pages;
    const u32 *pa = layout->slot_table_pa[slot];
    u32 generation = header->generation;
    const char *wrong = slot_check(layout, root_at()->build, generation);

    print(dump, "slot %u at 0x%08x", slot, layout->slot_pa[slot]);
    dump_magic(dump, header->magic, NV_SLOT_MAGIC);
    print(dump, "  generation    %u", generation);
    print(dump, "  kernel build  %08x", header->build);
    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        print(dump, "  table %u       0x%08x, %u pages", t, pa[t], pages[t]);
    print(dump, "  checksums     %u of %u table pages fit",
          count_fitting(layout, slot), layout->slot_pages);
    if (header->magic == 0)
        wrong = "empty: no save was written into it";
    else if ((generation & 1) != slot)
        wrong = "its generation belongs into the other slot";
    print(dump, "  state         %s", wrong == NULL ? "whole" : wrong);
    if (header->magic == NV_SLOT_MAGIC)
        dump_cpu(dump, &header->cpu);
}

// --- tables ------------------------------------------------------------------

// Counts of a table.  Whether its entries can be walked: they are where, and
// as many as, the limits say.
static int
dump_head(const struct dump *dump, const char *name, const struct table *table,
          u32 kind, u32 head_size, u32 entry_size, u32 capacity)
{
    int shaped = table->magic == TABLE_MAGIC && table->kind == kind &&
                 table->entry_size == entry_size &&
                 table->capacity == capacity && table->high <= capacity &&
                 (word)table_at(table, 0) == (word)table + head_size;

    print(dump, "%s: %u of %u used, up to %u", name, table->used,
          table->capacity, table->high);
    if (!shaped) {
        print(dump, "  DAMAGED: its head does not fit the limits; not listed");
        return 0;
    }
    const char *wrong =
        table_check(table, kind, head_size, entry_size, capacity);

    if (wrong != NULL)
        print(dump, "  DAMAGED: %s", wrong);
    return 1;
}

// A name, also of an entry that is damaged; "-" if it has none.
static const char *
name_of(const struct res *res, char text[NAME_MAX])
{
    u32 i = 0;

    for (char c; i + 1 < NAME_MAX && (c = res->name[i]) != 0; i++)
        text[i] = c >= ' ' && c <= '~' ? c : '?';
    text[i] = 0;
    return i == 0 ? "-" : text;
}

static void
dump_real_memories(const struct dump *dump, u32 pa, const struct limits *l)
{
    const struct real_memory_head *head = ram_at(pa);
    const struct res *res;
    u32 pages = 0;

    if (!dump_head(dump, "real memories", &head->table, KIND_REAL_MEMORY,
                   sizeof(*head), sizeof(struct real_memory_entry),
                   l->real_memories))
        return;
    for (u32 i = 0; (res = table_next(&head->table, &i)) != NULL;)
        pages += ((const struct real_memory_entry *)(const void *)res)->pages;
    print(dump, "  of %u frames: %u usable, %u free from 0x%x on, %u used",
          head->frames, head->usable, head->free, head->free_first, pages);
}

static void
dump_regions(const struct dump *dump, u32 pa, const struct limits *l)
{
    const struct table *table = ram_at(pa);
    const struct res *res;
    char name[NAME_MAX];

    if (!dump_head(dump, "regions", table, KIND_REGION, sizeof(*table),
                   sizeof(struct region_entry), l->regions))
        return;
    for (u32 i = 0; (res = table_next(table, &i)) != NULL;) {
        const struct region_entry *e = (const void *)res;

        print(dump, "  %08x  %6u pages  memory %08x  attached to %08x  %s",
              res->id, e->pages, e->real_memory, e->attached,
              name_of(res, name));
    }
}

static void
dump_vspaces(const struct dump *dump, u32 pa, const struct limits *l)
{
    const struct table *table = ram_at(pa);
    const struct res *res;
    char name[NAME_MAX];

    if (!dump_head(dump, "virtual spaces", table, KIND_VSPACE, sizeof(*table),
                   sizeof(struct vspace_entry), l->vspaces))
        return;
    for (u32 i = 0; (res = table_next(table, &i)) != NULL;) {
        const struct vspace_entry *e = (const void *)res;

        print(dump, "  %08x  directory 0x%08x  tables %08x, %u used  %s",
              res->id, e->page_directory, e->page_tables, e->tables_used,
              name_of(res, name));
    }
}

static void
dump_vkspaces(const struct dump *dump, u32 pa, const struct limits *l)
{
    const struct table *table = ram_at(pa);
    const struct res *res;
    char name[NAME_MAX];

    if (!dump_head(dump, "virtual kernel spaces", table, KIND_VKSPACE,
                   sizeof(*table), sizeof(struct space_entry), l->vkspaces))
        return;
    for (u32 i = 0; (res = table_next(table, &i)) != NULL;) {
        const struct space_entry *e = (const void *)res;
        u32 f = e->flags;

        print(dump,
              "  %08x  0x%08x  %6u pages  region %08x  plate %08x%s%s%s%s"
              "%s  %s",
              res->id, e->va, e->pages, e->region, e->plate,
              f & SPACE_WRITABLE ? " writable" : "",
              f & SPACE_SAVE_AREA ? " save-area" : "",
              f & SPACE_BOOTSTRAP ? " bootstrap" : "",
              f & SPACE_UNSAVED ? " unsaved" : "",
              f & SPACE_PARKED ? " parked" : "", name_of(res, name));
    }
}

static void
dump_plates(const struct dump *dump, u32 pa, const struct limits *l)
{
    const struct plate_head *head = ram_at(pa);
    const u32 bytes =
        table_bytes(sizeof(*head), sizeof(struct plate_entry), l->plates);
    const struct pending_delete *pending = ram_at(pa + bytes);
    const struct res *res;
    char name[NAME_MAX];

    if (!dump_head(dump, "plates", &head->table, KIND_PLATE, sizeof(*head),
                   sizeof(struct plate_entry), l->plates))
        return;
    print(dump, "  continuous-operation control %s, newest save begun %u",
          head->enabled == 1   ? "enabled"
          : head->enabled == 0 ? "disabled"
                               : "DAMAGED",
          head->generation);
    for (u32 i = 0; (res = table_next(&head->table, &i)) != NULL;) {
        const struct plate_entry *e = (const void *)res;

        print(dump, "  %08x  space %08x  %6u pages  areas %08x %08x  %s",
              res->id, e->space, e->pages, e->area[0], e->area[1],
              name_of(res, name));
    }
    print(dump, "pending deletes: %u", head->pending);
    for (u32 i = 0; i < MIN(head->pending, l->plates); i++)
        print(dump, "  areas %08x %08x", pending[i].area[0],
              pending[i].area[1]);
}

void
dump_tables(const struct dump *dump, const u32 table_pa[BOOTSTRAP_TABLES],
            const struct limits *limits)
{
    dump_real_memories(dump, table_pa[TABLE_REAL_MEMORY], limits);
    dump_regions(dump, table_pa[TABLE_REGION], limits);
    dump_vspaces(dump, table_pa[TABLE_VSPACE], limits);
    dump_vkspaces(dump, table_pa[TABLE_VKSPACE], limits);
    dump_plates(dump, table_pa[TABLE_PLATE], limits);
}
