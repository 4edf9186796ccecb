// root.h -- the NV root: where a boot finds out what the memory holds
//
// Each word that changes is changed by one aligned 32-bit store, which the
// hardware never tears, followed by its flush and a fence.
#ifndef PLATE_ROOT_H
#define PLATE_ROOT_H

#include "tender/layout.h"

struct nv_root *root_at(void);

// A generation word of a generation, and back: -1u when its parity is wrong.
u32 root_word(u32 generation);
u32 root_generation(u32 stored);

// Cold start.  root_forget() durably says that there is no root;
// root_create() writes the new one when everything else is in place.
void root_forget(struct nv_root *root);
void root_create(struct nv_root *root, const struct layout *layout,
                 const struct limits *limits, u32 build);

// What is wrong with the part that never changes, as text in wrong[]; or 0.
int root_check(const struct nv_root *root, u32 memory_pages, u32 build,
               char *wrong, u32 size);

// Store one of the words that change, durably.
void root_set(u32 *word_of_root, u32 value);

#endif
