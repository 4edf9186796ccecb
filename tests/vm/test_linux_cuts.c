// test_linux_cuts.c -- cuts at any moment, while Linux programs work and save
//
// A script works in rounds that check themselves, another saves ten times a
// second.  The next round told after a restore must be the one after the last
// that was told before that save.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

#define SEED 20261121u
#define SAVES_MAX 4096
#define RUN_MS 900 // at most, between a boot and a cut

static const struct cuts {
    const char *name;
    enum vm_store store;
    int cuts;
} kinds[] = {{"linux-cuts", VM_NV, 20}, {"linux-disk-cuts", VM_PLATES, 10}};

// No line of it has the word that it says if something is not right: the
// transcript is searched for that.
static const char *const script[] = {
    "bad() { echo round $n: WRO''NG: $*; exit 1; }",
    "numbers() { seq $1 $(($1 + 999)) | awk '{print $1*7919%10007}'; }",
    "right=$(numbers 1 | sort -n | md5sum)",
    "n=0",
    "while :; do",
    "n=$((n + 1))",
    "[ \"$(numbers 1 | sort -n | md5sum)\" = \"$right\" ] || bad sort",
    "mkdir d && numbers $n >d/a && cp d/a d/b && sort d/b >d/c || bad files",
    "tar cf d.tar d && mv d e && tar xf d.tar || bad tar",
    "cmp d/a e/a && cmp d/b e/b && cmp d/c e/c || bad contents",
    "rm -r d e d.tar && [ \"$(ls)\" = \"$(cat ../names)\" ] || bad names",
    "[ ! -e /bin/lua ] || lua -e 'local t = {} for i = 1, 5000 do t[i] = i * i "
    "% 7919 end table.sort(t) local s = 0 for i, v in ipairs(t) do s = (s * 7 "
    "+ v) % 1000003 end assert(s == tonumber(os.getenv(\"lua_sum\")))' || bad lua",
    "[ ! -e /bin/sqlite3 ] || sqlite3 base \"begin; insert into t values($n); "
    "update c set sum = sum + $n; commit\" || bad sqlite",
    "echo round $n ok",
    "done"};

static void
type_script(struct vm *vm)
{
    vm_type(vm, "cat >../work.sh <<'END'");
    for (size_t i = 0; i < sizeof(script) / sizeof(script[0]); i++) {
        vm_expect(vm, "^> ");
        vm_type(vm, script[i]);
    }
    vm_expect(vm, "^> ");
    session_says(vm, "END", "");
}

static unsigned
lua_sum(void)
{
    unsigned count[7919] = {0}, sum = 0;

    for (unsigned i = 1; i <= 5000; i++)
        count[i * i % 7919]++;
    for (unsigned v = 0; v < 7919; v++)
        for (; count[v] > 0; count[v]--)
            sum = (sum * 7 + v) % 1000003;
    return sum;
}

// Whether there is SQLite.
static bool
begin(struct vm *vm)
{
    char line[80];
    bool sqlite;

    session_begin(vm);
    session_says(vm, "mkdir /tmp/work; cd /tmp/work", "");
    type_script(vm);
    session_has(vm, "lua", "Lua while it is cut");
    sqlite = session_has(vm, "sqlite3", "SQLite while it is cut");
    if (sqlite)
        session_says(vm,
                     "sqlite3 base 'create table t(a); create table c(sum);"
                     " insert into c values(0)'",
                     "");
    session_command(vm, "ls >../names");
    snprintf(line, sizeof(line), "lua_sum=%u sh ../work.sh &", lua_sum());
    session_command(vm, line);
    vm_expect(vm, "round 1 ok"); // behind the prompt
    vm_type(vm,
            "(until [ -e /tmp/stop ]; do save >/dev/null; sleep 0.1; done) &");
    vm_expect(vm, "tender: saved 3:");
    return sqlite;
}

struct rounds {
    size_t read; // of the transcript
    unsigned told, newest;
    unsigned next[SAVES_MAX]; // round after each save, 0: not known
};

// Read what a run has told, up to its cut.
static void
read_run(struct vm *vm, struct rounds *r)
{
    const char *p = vm_text(vm) + r->read, *line;
    unsigned number;

    for (; (line = strchr(p, '\n')) != NULL; p = line + 1) {
        if (sscanf(p, "round %u ok", &number) == 1) {
            if (r->told != 0 && number != r->told + 1)
                vm_fail(vm, "Round %u follows %u.", number, r->told);
            r->told = number;
        }
        if (sscanf(p, "tender: saved %u:", &number) == 1 &&
            number < SAVES_MAX) {
            r->newest = number;
            r->next[number] = r->told;
        }
    }
    r->read = (size_t)(p - vm_text(vm));
}

static void
cut_once(struct vm *vm, struct rounds *r)
{
    session_cut(vm);
    read_run(vm, r);
    struct vm_boot boot = vm_decision(vm);

    if (boot.outcome != VM_RESTORED || boot.save < r->newest ||
        boot.save > r->newest + 1)
        vm_fail(vm, "Not restored from save %u or the next: %s", r->newest,
                boot.line);
    if (boot.save == r->newest) // else a save stopped it before it could tell
        r->told = r->next[boot.save];
    r->next[boot.save] = r->told;
    r->newest = boot.save;
    r->read = vm_boot_start(vm);
}

START_TEST(any_moment)
{
    const struct cuts *kind = &kinds[_i];
    struct vm *vm = session_vm(kind->name, kind->store);
    static struct rounds r;
    char line[80];

    memset(&r, 0, sizeof(r));
    bool sqlite = begin(vm);

    srandom(SEED);
    for (int i = 0; i < kind->cuts; i++) {
        vm_note(vm, "cut %d of %d", i + 1, kind->cuts);
        cut_once(vm, &r);
        vm_run(vm, (double)(random() % RUN_MS));
    }
    cut_once(vm, &r);
    snprintf(line, sizeof(line), "^round %u ok", r.told + 3);
    vm_expect(vm, line);
    read_run(vm, &r);
    vm_type(vm, "touch /tmp/stop; kill %1; sleep 1; echo at rest");
    vm_expect(vm, "^at rest");
    vm_expect(vm, SESSION_PROMPT);
    if (sqlite)
        session_says(vm,
                     "sqlite3 base 'pragma integrity_check; select "
                     "count(*) = max(a), sum(a) = (select sum from c) "
                     "from t'",
                     "ok\n1|1\n");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("Linux programs cut at any moment");
    TCase *tests = tcase_create("a machine");

    if (!session_possible("busybox", "programs cut at any moment"))
        return 0;
    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_loop_test(tests, any_moment, 0, sizeof(kinds) / sizeof(kinds[0]));
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}
