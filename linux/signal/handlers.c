// handlers.c -- what a process does with each signal
#include "linux/linux.h"
#include "tender/text.h"

struct handlers *
handlers_new(struct linux *l)
{
    struct handlers *h = heap_new(&l->heap, sizeof(*h));

    if (h != NULL)
        h->refs = 1;
    return h;
}

struct handlers *
handlers_copy(struct linux *l, const struct handlers *from)
{
    struct handlers *h = heap_new(&l->heap, sizeof(*h));

    if (h == NULL)
        return NULL;
    memcpy(h, from, sizeof(*h));
    h->refs = 1;
    return h;
}

void
handlers_drop(struct linux *l, struct handlers *h)
{
    if (h != NULL && --h->refs == 0)
        heap_free(&l->heap, h, sizeof(*h));
}

// The text of the handlers is gone; what is ignored stays ignored.
void
signal_exec(struct task *t)
{
    for (u32 n = 1; n <= SIGNALS; n++) {
        struct signal_action *action = &t->handlers->action[n];
        u32 handler = action->handler;

        memset(action, 0, sizeof(*action));
        action->handler = handler == SIG_IGN ? SIG_IGN : SIG_DFL;
    }
    t->alt_stack = t->alt_bytes = 0;
    t->alt_flags = 2; // SS_DISABLE
}
