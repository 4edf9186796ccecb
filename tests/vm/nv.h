// nv.h -- look at, copy and damage the file of a machine's NV memory
//
// Only while the machine is off.  Any failure of the host's files ends the
// program with a sentence.
#ifndef NV_H
#define NV_H

#include "tender/layout.h"

void nv_copy(const char *from, const char *to); // holes stay holes
void nv_read(const char *path, u64 at, void *bytes, size_t length);
void nv_write(const char *path, u64 at, const void *bytes, size_t length);
void nv_flip(const char *path, u64 at, unsigned bit);
void nv_fill_random(const char *path, u64 at, u64 length, unsigned seed);

void nv_root(const char *path, struct nv_root *root);
// Write the root with a checksum that fits.
void nv_put_root(const char *path, struct nv_root *root);

// Where everything lies in the memory of this file.
void nv_layout(const char *path, struct layout *layout);

// The newest save that was begun, and the newest that was committed.
void nv_generations(const char *path, u32 *begun, u32 *committed);

// The slot of the newest committed save.
int nv_newest_slot(const char *path);

#endif
