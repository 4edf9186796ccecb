// tender.c -- /proc/tender: what Tender's own kernel has to tell
//
// Lines "name: value" for programs, then a sentence for people.
#include "linux/proc/proc.h"
#include "tender/text.h"

#define SECOND_US 1000000u

static const char *const outcomes[] = {"cold", "continued", "restored"};

static const char *
outcome_of(u32 outcome)
{
    return outcome < ARRAY_LEN(outcomes) ? outcomes[outcome] : "unknown";
}

static void
tell(struct proc_text *x)
{
    const struct linux *l = x->linux;
    u32 tenths = (u32)(l->lost_us % SECOND_US / (SECOND_US / 10));
    unsigned long long seconds = l->lost_us / SECOND_US;

    if (l->outcome == 0)
        proc_add(x, "The system has not been restarted since its first start."
                    "\n");
    else if (l->outcome == 1)
        proc_add(x,
                 "The system went on where it had been shut down, %llu.%u "
                 "seconds later: nothing was lost.\n",
                 seconds, tenths);
    else
        proc_add(x,
                 "The system went back to save %u, of %llu.%u seconds "
                 "before.\n",
                 l->save, seconds, tenths);
}

void
proc_print_restart(struct proc_text *x, const struct task *t)
{
    const struct linux *l = x->linux;

    (void)t;
    proc_add(x, "outcome: %s\nsave: %u\nlost_us: %llu\nrestarts: %u\n",
             outcome_of(l->outcome), l->save, (unsigned long long)l->lost_us,
             l->restarts);
    tell(x);
}

static void
ask(const struct proc_text *x, struct system_status *status)
{
    memset(status, 0, sizeof(*status));
    gate_control(x->linux->gate, KIND_ID(KIND_SYSTEM), SYSTEM_STATUS,
                 (word)status, 0, 0);
}

void
proc_print_tender(struct proc_text *x, const struct task *t)
{
    static const char *const stores[] = {"off", "nv", "disk"};
    struct system_status s;

    (void)t;
    ask(x, &s);
    proc_add(x, "enabled: %u\nstore: %s\nboots: %u\noutcome: %s\n",
             s.occ_enabled,
             s.store < ARRAY_LEN(stores) ? stores[s.store] : "unknown", s.boots,
             outcome_of(s.restored));
    proc_add(x, "plates: %u\nplate_pages: %u\nsave_areas: %u\npending: %u\n",
             s.plates, s.plate_pages, s.save_areas, s.pending);
    proc_add(x, "memory_pages: %u\nusable_pages: %u\nfree_pages: %u\n",
             s.memory_pages, s.usable_pages, s.free_pages);
    proc_add(x,
             "linux_pages: %u\nlinux_room: %u\nlinux_objects: %u\n"
             "linux_calls: %llu\nlinux_heap_pages: %u\n",
             x->linux->pages.used, x->linux->pages.room, x->linux->heap.used,
             (unsigned long long)x->linux->call_count,
             x->linux->heap.own_pages);
}

void
proc_print_saves(struct proc_text *x, const struct task *t)
{
    struct system_status s;

    (void)t;
    ask(x, &s);
    proc_add(x, "newest: %u\npages: %u\ntable_pages: %u\nus: %u\n",
             s.generation, s.save_pages, s.save_table_pages, s.save_us);
    proc_add(x, "disk_us: %u\nrequests: %u\n", s.save_disk_us, s.save_requests);
    if (s.generation == 0)
        proc_add(x, "Nothing has been saved yet.\n");
    else
        proc_add(x, "Save %u copied %u pages in %u ms.\n", s.generation,
                 s.save_pages, s.save_us / 1000);
}
