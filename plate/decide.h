// decide.h -- the boot decision: cold start, continue, restore or refuse
//
// DESIGN 5; paper 002, figure 8 step 1.
#ifndef PLATE_DECIDE_H
#define PLATE_DECIDE_H

#include "plate/root.h"
#include "tender/options.h"

enum outcome {
    OUTCOME_COLD,
    OUTCOME_CONTINUE,
    OUTCOME_RESTORE,
    OUTCOME_REFUSE
};

struct decision {
    enum outcome outcome;
    u32 generation;  // to restore
    u32 mend_commit; // the commit word is to name this generation
    char why[320];   // what it is based on, or what is wrong and what to do
};

#define COLD_HINT "nv=cold starts afresh and gives the state up"

// Decide for an outcome, and say why.
void decide_as(struct decision *decision, enum outcome outcome,
               const char *format, ...) __attribute__((format(printf, 3, 4)));

// Look, and change nothing.
void decide(struct decision *decision, const struct layout *layout, u32 build,
            enum nv_option wish);

#endif
