// elf.c -- the kernel's file: symbols, and what a boot loader puts where
#include "tests/cut/elf.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct elf {
    char path[128];
    u8 *file;
    size_t bytes;
    const Elf32_Ehdr *head;
    const Elf32_Sym *symbols;
    u32 symbol_count;
    const char *names;
};

static _Noreturn void
unusable(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(2);
}

static u8 *
read_file(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    u8 *all;
    long size;

    if (file == NULL)
        unusable(path, "cannot be read: 'make' builds it");
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    all = malloc((size_t)size);
    if (all == NULL || fread(all, 1, (size_t)size, file) != (size_t)size)
        unusable(path, "cannot be read");
    fclose(file);
    *bytes = (size_t)size;
    return all;
}

struct elf *
elf_open(const char *path)
{
    struct elf *elf = calloc(1, sizeof(*elf));

    snprintf(elf->path, sizeof(elf->path), "%s", path);
    elf->file = read_file(path, &elf->bytes);
    elf->head = (const void *)elf->file;
    if (elf->bytes < sizeof(*elf->head) ||
        memcmp(elf->head->e_ident, ELFMAG, SELFMAG) != 0 ||
        elf->head->e_ident[EI_CLASS] != ELFCLASS32)
        unusable(path, "is no 32-bit ELF file");
    const Elf32_Shdr *sections = (const void *)(elf->file + elf->head->e_shoff);

    for (int i = 0; i < elf->head->e_shnum; i++) {
        if (sections[i].sh_type != SHT_SYMTAB)
            continue;
        elf->symbols = (const void *)(elf->file + sections[i].sh_offset);
        elf->symbol_count = sections[i].sh_size / sizeof(Elf32_Sym);
        elf->names =
            (const char *)elf->file + sections[sections[i].sh_link].sh_offset;
    }
    if (elf->symbols == NULL)
        unusable(path, "has no symbols");
    return elf;
}

const char *
elf_path(const struct elf *elf)
{
    return elf->path;
}

void
elf_close(struct elf *elf)
{
    free(elf->file);
    free(elf);
}

u32
elf_symbol(const struct elf *elf, const char *name)
{
    for (u32 i = 0; i < elf->symbol_count; i++)
        if (elf->symbols[i].st_shndx != SHN_UNDEF &&
            strcmp(elf->names + elf->symbols[i].st_name, name) == 0)
            return elf->symbols[i].st_value;
    return 0;
}

unsigned
elf_variable(const struct elf *elf, const char *name, u32 *va, u32 *bytes)
{
    unsigned found = 0;

    for (u32 i = 0; i < elf->symbol_count; i++) {
        const Elf32_Sym *s = &elf->symbols[i];

        if (ELF32_ST_TYPE(s->st_info) != STT_OBJECT ||
            strcmp(elf->names + s->st_name, name) != 0)
            continue;
        *va = s->st_value;
        *bytes = s->st_size;
        found++;
    }
    return found;
}

const char *
elf_name(const struct elf *elf, u32 va, u32 *offset)
{
    const Elf32_Sym *best = NULL;

    for (u32 i = 0; i < elf->symbol_count; i++) {
        const Elf32_Sym *s = &elf->symbols[i];

        if (s->st_value > va || ELF32_ST_TYPE(s->st_info) > STT_FUNC ||
            s->st_shndx == SHN_UNDEF || s->st_shndx == SHN_ABS)
            continue;
        if (best == NULL || s->st_value >= best->st_value)
            best = s;
    }
    *offset = best == NULL ? va : va - best->st_value;
    return best == NULL ? "" : elf->names + best->st_name;
}

static const Elf32_Phdr *
segment(const struct elf *elf, int i)
{
    return (const Elf32_Phdr *)(elf->file + elf->head->e_phoff) + i;
}

u32
elf_entry(const struct elf *elf)
{
    u32 entry = elf->head->e_entry;

    for (int i = 0; i < elf->head->e_phnum; i++) {
        const Elf32_Phdr *ph = segment(elf, i);

        if (entry - ph->p_vaddr < ph->p_memsz)
            return entry - ph->p_vaddr + ph->p_paddr;
    }
    return entry;
}

void
elf_load(const struct elf *elf, u8 *memory, u32 bytes)
{
    for (int i = 0; i < elf->head->e_phnum; i++) {
        const Elf32_Phdr *ph = segment(elf, i);

        if (ph->p_type != PT_LOAD || ph->p_paddr + ph->p_memsz > bytes)
            continue;
        memset(memory + ph->p_paddr, 0, ph->p_memsz);
        memcpy(memory + ph->p_paddr, elf->file + ph->p_offset, ph->p_filesz);
    }
}

u32
elf_build(const struct elf *elf)
{
    u32 hash = 2166136261u;

    for (size_t i = 0; i < elf->bytes; i++)
        hash = (hash ^ elf->file[i]) * 16777619u;
    return hash;
}
