// power.c -- what the power-cut cases of the small kernel share
#include "power.h"

struct booted power_booted;

void
power_whole(const char *when)
{
    const char *wrong = kernel_wrong();

    if (wrong != NULL)
        fake_fail("%s: %s", when, wrong);
}

void
power_boot(enum outcome expected)
{
    fake_power_cut();
    if (kernel_boot(&power_booted, NV_AUTO) < 0)
        fake_fail("boot: %s", fake.sentence);
    if (power_booted.decision.outcome != expected)
        fake_fail("boot: %s", power_booted.decision.why);
}

void
power_must(int result)
{
    if (result < 0)
        fake_fail("an operation was refused: %s", error_sentence(result));
}

void
power_start_unsaved(void *state)
{
    (void)state;
    power_boot(OUTCOME_COLD);
    power_must(place_create(2, 0));
    power_must(place_create(2, 1));
    power_must(place_create(1, 1));
}

void
power_start(void *state)
{
    power_start_unsaved(state);
    power_must(kernel_control(SYSTEM_OCC_ENABLE));
    places_write();
    power_must(kernel_save());
}

int
power_recover(void *state)
{
    (void)state;
    if (kernel_boot(&power_booted, NV_AUTO) < 0)
        fake_fail("%s", fake.sentence);
    if (power_booted.decision.outcome == OUTCOME_REFUSE)
        fake_fail("refused: %s", power_booted.decision.why);
    return 0;
}

static void
enable_if_off(void)
{
    int made = kernel_control(SYSTEM_OCC_ENABLE);

    if (made != E_OCC_ON)
        power_must(made);
}

int
power_verify(void *state)
{
    int cold = power_booted.decision.outcome == OUTCOME_COLD;
    u32 version = places_version();

    (void)state;
    power_whole("after the boot");
    if (cold)
        power_must(place_create(2, 1));
    enable_if_off();
    places_write();
    power_must(kernel_save());
    power_whole("after the next save");
    places_write();
    power_boot(OUTCOME_RESTORE);
    power_whole("after the next boot");
    if (places_version() != version + 1)
        fake_fail("another version than %u came back", version + 1);
    return cold ? 0 : (int)version;
}

void
power_promise(void)
{
    cut_promise(places_version());
}

struct cut_case
power_case(const char *name, void (*setup)(void *state),
           void (*operation)(void *state))
{
    return (struct cut_case){.name = name,
                             .pages = kernel_pages,
                             .state = &power_booted,
                             .state_bytes = sizeof(power_booted),
                             .setup = setup,
                             .operation = operation,
                             .recover = power_recover,
                             .verify = power_verify};
}

void
power_check(const char *name, void (*setup)(void *state),
            void (*operation)(void *state))
{
    struct cut_case c = power_case(name, setup, operation);

    cut_check(&c);
}
