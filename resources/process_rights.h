// process_rights.h -- what each process has opened: the gate's rights door
#ifndef RESOURCES_PROCESS_RIGHTS_H
#define RESOURCES_PROCESS_RIGHTS_H

#include "resources/process.h"

struct rights_door process_rights(struct processes *p);

#endif
