// demo_linux.c -- the demonstration's second part: programs of Linux
#include <stdio.h>
#include <string.h>

#include "demo.h"
#include "session.h"

static void
linux_command(struct vm *vm, const char *line)
{
    vm_type(vm, line);
    vm_expect(vm, "\n");
    vm_expect(vm, SESSION_PROMPT);
    demo_show(vm);
}

static bool
has(struct vm *vm, const char *program)
{
    char path[80];

    snprintf(path, sizeof(path), "ls /bin/%s", program);
    if (strstr(session_command(vm, path), "No such file") == NULL)
        return true;
    demo_say("%s is not in this image: its package could not be had.", program);
    return false;
}

// What is to be in the middle of something.
static void
begin(struct vm *vm, bool lua, bool sqlite)
{
    demo_say(
        "A background job that counts, and a pipeline that sorts what comes "
        "in two parts.");
    linux_command(vm, "i=0; while sleep 0.5; do i=$((i+1)); echo $i >>count; "
                      "done &");
    linux_command(vm, "(seq 1 15000; sleep 5; seq 15001 30000) | awk '{print "
                      "$1*7919%1000003}' | sort -n | md5sum >sorted &");
    if (lua) {
        demo_say("Lua computes.");
        linux_command(vm, "lua -e 's=0 for i=1,3000000 do s=(s*31+i)%1000003 "
                          "end print(s)' >lua.out &");
    }
    if (sqlite) {
        demo_say("SQLite is in a transaction: 5000 rows now, 5000 later.");
        linux_command(vm,
                      "mkfifo ask; sqlite3 data <ask >answers & exec 7>ask");
        linux_command(vm, "echo 'create table t(a); begin;' >&7");
        linux_command(vm, "seq 1 5000 | sed 's/.*/insert into t values(&);/' "
                          ">&7");
    }
}

static void
edit(struct vm *vm)
{
    demo_say("And an editor, with a text that is in no file. While it has the "
             "terminal,\n## the machine saves; then the power is cut.");
    linux_command(vm, "(sleep 2; save >/dev/null) &");
    vm_type(vm, "vi letter");
    vm_expect(vm, "1/1");
    vm_keys(vm, "iThese words are in no file.");
    vm_expect(vm, "tender: saved ");
    demo_watch_for(vm, 500);
    demo_cut(vm);
}

static void
here_document(struct vm *vm)
{
    demo_say("A here-document, half typed. A save, and the power is cut.");
    linux_command(vm, "(sleep 2; save >/dev/null) &");
    vm_type(vm, "cat >poem <<END");
    vm_expect(vm, "^> ");
    vm_type(vm, "Half of it before,");
    vm_expect(vm, "^> ");
    vm_expect(vm, "tender: saved ");
    demo_show(vm);
    demo_cut(vm);
    struct vm_boot next = vm_decision(vm);

    demo_must_be(vm, &next, VM_RESTORED);
    demo_watch_for(vm, 500);
    vm_type(vm, "");
    vm_expect(vm, "^> ");
    vm_type(vm, "half of it after.");
    vm_expect(vm, "^> ");
    linux_command(vm, "END");
    linux_command(vm, "cat poem");
}

static void
results(struct vm *vm, bool lua, bool sqlite)
{
    demo_say("The results, and those of runs that nobody interrupted.");
    linux_command(vm, "while [ ! -s sorted ]; do sleep 0.1; done; cat sorted; "
                      "seq 1 30000 | awk '{print $1*7919%1000003}' | sort -n "
                      "| md5sum");
    if (lua)
        linux_command(vm, "while [ ! -s lua.out ]; do sleep 0.1; done; cat "
                          "lua.out; lua -e 's=0 for i=1,3000000 do "
                          "s=(s*31+i)%1000003 end print(s)'");
    if (sqlite) {
        linux_command(vm, "seq 5001 10000 | sed 's/.*/insert into t "
                          "values(&);/' >&7");
        linux_command(vm,
                      "echo 'commit;' >&7; exec 7>&-; sleep 1; sqlite3 data "
                      "'select count(*), sum(a) from t; pragma "
                      "integrity_check'");
    }
    linux_command(vm, "tail -n 1 count; jobs; cat /proc/tender/restart");
}

void
demo_linux(void)
{
    struct vm *vm;
    struct vm_boot next;

    if (!session_possible("busybox", "the second part"))
        return;
    vm = session_vm("demo-linux", VM_NV);
    demo_another();
    demo_say("The second part: programs of Linux, unmodified. A new machine "
             "is cold.");
    next = demo_boot(vm);
    demo_must_be(vm, &next, VM_COLD);
    demo_command(vm, "occ enable");
    session_shell(vm);
    linux_command(vm, "cd /tmp; stty cols 1000");
    bool lua = has(vm, "lua"), sqlite = has(vm, "sqlite3");

    begin(vm, lua, sqlite);
    edit(vm);
    demo_say("The power is back: vi has its words, and is told some more.");
    next = vm_decision(vm);
    demo_must_be(vm, &next, VM_RESTORED);
    demo_watch_for(vm, 500);
    vm_keys(vm, " Now they are." ESCAPE);
    vm_expect(vm, "- letter");
    vm_type(vm, ":wq");
    vm_expect(vm, "/tmp # ");
    linux_command(vm, "cat letter");
    here_document(vm);
    results(vm, lua, sqlite);
    vm_no_loss(vm);
    demo_say("No program noticed. All that was shown: %s", vm_log(vm));
    vm_free(vm);
}
