// dump.c -- what an NV memory holds, as lines of text for people
#include "plate/dump.h"

#include "plate/slot.h"
#include "tender/crc.h"
#include "tender/page_sum.h"
#include "tender/ram.h"
#include "tender/text.h"

void
dump_print(const struct dump *dump, const char *format, ...)
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

    dump_print(dump, "  magic         0x%08x  \"%s\"%s", magic, letters,
               magic == right ? "" : wrong);
}

// --- root --------------------------------------------------------------------

static void
dump_limits(const struct dump *dump, const struct limits *l)
{
    dump_print(dump, "  limits        %u real memories, %u regions, %u plates,",
               l->real_memories, l->regions, l->plates);
    dump_print(dump, "                %u virtual and %u virtual kernel spaces,",
               l->vspaces, l->vkspaces);
    dump_print(dump, "                %u pages of kernel data", l->data_pages);
}

static void
dump_generation(const struct dump *dump, const char *name, u32 stored)
{
    u32 generation = root_generation(stored);

    if (generation == -1u)
        dump_print(dump, "  %-12s  0x%08x  DAMAGED (its parity does not fit)",
                   name, stored);
    else if (generation == 0)
        dump_print(dump, "  %-12s  0x%08x  none", name, stored);
    else
        dump_print(dump, "  %-12s  0x%08x  save %u, in slot %u", name, stored,
                   generation, generation & 1);
}

void
dump_root(const struct dump *dump)
{
    const struct nv_root *root = root_at();

    dump_print(dump, "root at 0x%08x", NV_ROOT_PA);
    dump_magic(dump, root->magic, NV_ROOT_MAGIC);
    dump_print(dump, "  format        %u", root->format);
    dump_print(dump, "  memory        %u pages (%u MiB)", root->memory_pages,
               root->memory_pages / 256);
    dump_print(dump, "  kernel build  %08x", root->build);
    dump_limits(dump, &root->limits);
    dump_print(dump, "  reserved      %s",
               all_zero(root->reserved, ARRAY_LEN(root->reserved)));
    dump_print(
        dump, "  checksum      0x%08x  %s", root->crc,
        fits(root->crc, crc_add(0, root, offsetof(struct nv_root, crc))));
    dump_generation(dump, "commit", root->commit);
    dump_generation(dump, "previous", root->previous);
    dump_print(dump, "  flag          0x%08x  %s", root->flag,
               root->flag == FLAG_NORMAL     ? "normal"
               : root->flag == FLAG_ABNORMAL ? "abnormal"
                                             : "DAMAGED");
    dump_print(dump, "  boots         %u", root->boots);
    dump_print(dump, "  padding       %s",
               all_zero(root->padding, ARRAY_LEN(root->padding)));
}

// --- shutdown and slots ------------------------------------------------------

static void
dump_cpu(const struct dump *dump, const struct cpu_state *cpu)
{
    const u32 *s = cpu->segments;

    dump_print(dump, "  eip %08x  esp %08x  ebp %08x  eflags %08x", cpu->eip,
               cpu->esp, cpu->ebp, cpu->eflags);
    dump_print(dump, "  ebx %08x  esi %08x  edi %08x  tr %04x  ldt %04x",
               cpu->ebx, cpu->esi, cpu->edi, cpu->tr, cpu->ldt);
    dump_print(dump, "  cr0 %08x  cr3 %08x  cr4 %08x", cpu->cr0, cpu->cr3,
               cpu->cr4);
    dump_print(dump, "  gdt %08x+%04x  idt %08x+%04x", cpu->gdt_base,
               cpu->gdt_limit, cpu->idt_base, cpu->idt_limit);
    dump_print(dump, "  cs %04x  ds %04x  es %04x  fs %04x  gs %04x  ss %04x",
               s[0], s[1], s[2], s[3], s[4], s[5]);
}

void
dump_shutdown(const struct dump *dump, const struct layout *layout)
{
    const struct nv_shutdown *shutdown = ram_at(layout->shutdown_pa);
    u32 crc = crc_add(0, &shutdown->cpu, sizeof(shutdown->cpu));

    dump_print(dump, "shutdown state at 0x%08x", layout->shutdown_pa);
    dump_magic(dump, shutdown->magic, NV_CPU_MAGIC);
    if (shutdown->magic != NV_CPU_MAGIC)
        return;
    dump_print(dump, "  boots         %u  %s", shutdown->boots,
               shutdown->boots == root_at()->boots ? "of the newest boot"
                                                   : "of an earlier boot");
    dump_print(
        dump, "  tables        0x%08x  %s", shutdown->tables_crc,
        shutdown->tables_crc == slot_live_crc(layout)
            ? "the live tables fit"
            : "the live tables do not fit (usual once it was continued)");
    dump_print(dump, "  checksum      0x%08x  %s", shutdown->crc,
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

            if (header->page_sum[number] == page_sum(ram_at(pa)))
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

    dump_print(dump, "slot %u at 0x%08x", slot, layout->slot_pa[slot]);
    dump_magic(dump, header->magic, NV_SLOT_MAGIC);
    dump_print(dump, "  generation    %u", generation);
    dump_print(dump, "  kernel build  %08x", header->build);
    for (u32 t = 0; t < BOOTSTRAP_TABLES; t++)
        dump_print(dump, "  table %u       0x%08x, %u pages", t, pa[t],
                   pages[t]);
    dump_print(dump, "  checksums     %u of %u table pages fit",
               count_fitting(layout, slot), layout->slot_pages);
    if (header->magic == 0)
        wrong = "empty: no save was written into it";
    else if ((generation & 1) != slot)
        wrong = "its generation belongs into the other slot";
    dump_print(dump, "  state         %s", wrong == NULL ? "whole" : wrong);
    if (header->magic == NV_SLOT_MAGIC)
        dump_cpu(dump, &header->cpu);
}
