// vkspace.h -- resource virtual kernel space: data in the kernel's virtual space
//
//   CREATE name, pages, SPACE_... flags   makes its region, too
//   CREATE name, 0, flags, region         holds ("parks") an existing region
//   DELETE   CONTROL VK_ADDRESS
#ifndef VSPACE_VKSPACE_H
#define VSPACE_VKSPACE_H

#include "vspace/space.h"

void vkspace_init(struct spaces *vk, void *table, const struct limits *limits,
                  struct vspaces *vs, struct regions *regions,
                  struct real_memory *rm);
void vkspace_register(struct spaces *vk, struct gate *gate);

#endif
