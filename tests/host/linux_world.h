// linux_world.h -- a pool of Linux programs in the small kernel's plated memory
//
// Loose pages; an address space, and one forked from it that goes again; a file
// that both have mapped. What there is of them, their contents and references
// follow from the version of the places (host_kernel.h): after any cut all of it
// must be of one version.
#ifndef HOST_LINUX_WORLD_H
#define HOST_LINUX_WORLD_H

#include "host_kernel.h"
#include "linux/linux.h"

// On a kernel of KERNEL_PAGES_MAX pages that was just started.
void world_make(void);

// The next version, of the places, too. ballast: if it is odd, it has some
// chunks more.
void world_change(int ballast);

// The first thing that is not as the version says, as a sentence, or NULL.
const char *world_wrong(void);

// Give everything back; what is left, as a sentence, or NULL.
const char *world_end(void);

#endif
