// vuspace.h -- resource virtual user space: data in a user's virtual space
//
//   CREATE name, region, va or 0, VU_... (kernel: and the virtual space)
//   DELETE   CONTROL VU_ADDRESS, VU_SIZE
#ifndef VSPACE_VUSPACE_H
#define VSPACE_VUSPACE_H

#include "vspace/space.h"

#define VUSPACE_LIMIT 768u

u32 vuspace_bytes(void);
void vuspace_init(struct spaces *vu, void *table, struct vspaces *vs,
                  struct regions *regions, struct real_memory *rm);
void vuspace_register(struct spaces *vu, struct gate *gate);

// The gate's door to user memory; state: the struct spaces of user spaces.
int vuspace_copy_in(void *state, rid process, void *to, u32 from, u32 bytes);
int
vuspace_copy_out(void *state, rid process, u32 to, const void *from, u32 bytes);

#endif
