// show.h -- reports about the system, for people to read
//
// Each prints its lines and returns 0, or a negative error after a sentence.
#ifndef USER_SHOW_H
#define USER_SHOW_H

#include "tender.h"

// "what: sentence." for an error, and the error again.
int show_error(const char *what, int error);

int show_processes(void);
int show_kinds(void);
int show_resources(const char *kind); // by name or number
int show_plates(void);
int show_plate_statistics(void);
int show_occ(void);
int show_memory(void);
int show_uptime(void);
int show_trace(u32 lines); // the newest ones
int show_files(const char *path);

#endif
