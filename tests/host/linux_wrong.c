// linux_wrong.c -- is the pool of Linux programs as its version says?
#include "linux_model.h"

#include <stdio.h>

#include "linux/file/tree.h"

static char sentence[160];

static const char *
differs(const char *what, u32 index, u32 found, u32 expected)
{
    if (found == expected)
        return NULL;
    snprintf(sentence, sizeof(sentence), "%s %u: 0x%08x, not 0x%08x", what,
             index, found, expected);
    return sentence;
}

static const char *
loose_wrong(u32 i, u32 version)
{
    page_no page = peek_word(&world->loose[i]);
    const char *wrong;

    if (!loose_is(i, version))
        return differs("number of loose page", i, page, 0);
    if (page == 0)
        return "a loose page is not there";
    wrong = differs("references of loose page", i,
                    pages_refs(world_pool(), page), loose_refs(i, version));
    if (wrong == NULL)
        wrong = differs("loose page", i, peek_word(loose_at(i, page)),
                        loose_word(i, version));
    return wrong;
}

static const char *
own_wrong(u32 i, u32 version)
{
    u32 va = own_at(i);
    page_no page = memory_page_at(world_parent(), va);
    const char *wrong = differs("references of private page", i,
                                page == 0 ? 0 : pages_refs(world_pool(), page),
                                own_refs(i, version));

    if (wrong == NULL)
        wrong =
            differs("the parent's page", i, program_load(world_parent(), va),
                    parent_word(i, version));
    if (wrong == NULL && has_child(version))
        wrong = differs("the child's page", i, program_load(world_child(), va),
                        child_word(i, version));
    return wrong;
}

static const char *
both_wrong(u32 i, u32 version)
{
    u32 value = 0;
    struct buffer to = {.memory = NULL, .address = (word)&value};
    const char *wrong;

    if (tree_read(world_file(), &to, 4, both_at(i) - both_at(0)) != 4)
        return "the file cannot be read";
    wrong = differs("the file's page", i, value, both_word(i, version));
    if (wrong == NULL && has_child(version))
        wrong = differs("the shared page", i,
                        program_load(world_child(), both_at(i)),
                        both_word(i, version));
    return wrong;
}

static const char *
ballast_wrong(u32 version)
{
    u32 held = 0;

    for (u32 i = 0; i < BALLAST; i++)
        held += peek_word(&world->ballast[i]) != 0;
    if (held == 0 || (held == BALLAST && version % 2 == 1))
        return NULL;
    return "the ballast is of another version";
}

const char *
world_wrong(void)
{
    u32 version = places_version();
    const char *wrong = pages_check(world_pool());

    if (wrong == NULL)
        wrong = memory_check(&world->linux);
    if (wrong == NULL)
        wrong =
            differs("child", 0, world_child() != NULL, (u32)has_child(version));
    for (u32 i = 0; i < LOOSE && wrong == NULL; i++)
        wrong = loose_wrong(i, version);
    for (u32 i = 0; i < OWN && wrong == NULL; i++)
        wrong = own_wrong(i, version);
    for (u32 i = 0; i < BOTH && wrong == NULL; i++)
        wrong = both_wrong(i, version);
    if (wrong == NULL)
        wrong = ballast_wrong(version);
    return wrong == NULL ? memory_check(&world->linux) : wrong;
}
