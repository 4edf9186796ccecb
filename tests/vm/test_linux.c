// test_linux.c -- does a Linux shell with its programs work as people expect?
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

static struct vm *
begin(const char *name)
{
    struct vm *vm = session_vm(name, VM_NV);

    session_begin(vm);
    return vm;
}

static void
end(struct vm *vm)
{
    vm_no_loss(vm);
    vm_free(vm);
}

// Keys that end in a prompt.
static void
press(struct vm *vm, const char *keys)
{
    vm_keys(vm, keys);
    vm_expect(vm, SESSION_PROMPT);
}

START_TEST(lines)
{
    struct vm *vm = begin("linux-lines");

    session_says(vm, "echo one two", "one two\n");
    vm_keys(vm, "echo abX\177cd\001\006\006\005"); // erase, to both ends
    vm_keys(vm, "\033[D\033[D-");                  // two to the left
    vm_type(vm, "");
    vm_expect(vm, "^ab-cd\n");
    vm_expect(vm, SESSION_PROMPT);
    vm_keys(vm, "echo gone");
    vm_expect(vm, "gone");
    press(vm, "\025"); // Ctrl-U
    session_says(vm, "echo there", "there\n");
    vm_keys(vm, "\033[A"); // history
    vm_expect(vm, "echo there");
    vm_keys(vm, "\033[A\033[A");
    vm_expect(vm, "echo one two");
    vm_type(vm, " three");
    vm_expect(vm, "^one two three\n");
    vm_expect(vm, SESSION_PROMPT);
    vm_keys(vm, "ls /etc/pass\t"); // completion
    vm_expect(vm, "/etc/passwd");
    vm_type(vm, "");
    vm_expect(vm, "^/etc/passwd *\n");
    vm_expect(vm, SESSION_PROMPT);
    end(vm);
}
END_TEST

// Is there somebody else than root, who may write at home only?
START_TEST(users)
{
    struct vm *vm = begin("linux-users");

    session_shows(vm, "su user -c id",
                  "^uid=1000\\(user\\) gid=1000\\(user\\) "
                  "groups=1000\\(user\\)$");
    session_says(vm, "su user -c 'cd; pwd; echo mine >f; stat -c %U:%G:%a f'",
                 "/home/user\nuser:user:644\n");
    session_shows(vm, "su user -c 'echo mine >/f'",
                  "can't create /f: Permission denied");
    session_shows(vm, "su user -c save", "neither owned nor opened");
    session_says(vm, "stat -c '%U %G' /bin/busybox /root /home/user",
                 "root root\nroot root\nuser user\n");
    end(vm);
}
END_TEST

// A program in the foreground, which has begun.
static void
start(struct vm *vm, const char *line)
{
    vm_type(vm, line);
    vm_expect(vm, "\n");
    vm_run(vm, 200);
}

// What is typed comes back from cat, and its echo before it.
static void
cat_answers(struct vm *vm, const char *word)
{
    char twice[100];

    snprintf(twice, sizeof(twice), "^%s\n%s\n", word, word);
    vm_type(vm, word);
    vm_expect(vm, twice);
}

START_TEST(jobs)
{
    struct vm *vm = begin("linux-jobs");

    start(vm, "sleep 1000");
    press(vm, CTRL_C);
    session_says(vm, "echo $?", "130\n");
    start(vm, "cat");
    cat_answers(vm, "hello");
    vm_keys(vm, CTRL_Z);
    vm_expect(vm, "Stopped +cat\n");
    vm_expect(vm, SESSION_PROMPT);
    session_command(vm, "sleep 500 &");
    session_shows(vm, "jobs", "^\\[1\\]\\+ +Stopped +cat$");
    session_shows(vm, "jobs", "^\\[2\\]-? +Running +sleep 500$");
    start(vm, "fg %1");
    cat_answers(vm, "again");
    press(vm, CTRL_D);
    session_shows(vm, "jobs", "^\\[2\\]\\+ +Running +sleep 500$");
    start(vm, "sleep 600");
    vm_keys(vm, CTRL_Z);
    vm_expect(vm, SESSION_PROMPT);
    session_shows(vm, "bg", "^\\[[0-9]+\\] +sleep 600");
    session_shows(vm, "jobs", "Running +sleep 600$");
    session_shows(vm, "kill %1; sleep 0.1", "Terminated +sleep 600");
    session_shows(vm, "kill %2; sleep 0.1", "Terminated +sleep 500");
    session_says(vm, "jobs", "");
    session_shows(vm, "(sleep 0.2; echo late) & wait; echo waited",
                  "^late\nwaited$");
    end(vm);
}
END_TEST

// A background job that reads from the terminal stops; it may write.
START_TEST(background_input)
{
    struct vm *vm = begin("linux-background");

    session_command(vm, "cat &");
    session_command(vm, "sleep 0.2");
    session_shows(vm, "jobs", "Stopped \\(tty input\\) +cat$");
    start(vm, "fg");
    cat_answers(vm, "now");
    press(vm, CTRL_C);
    session_says(vm, "stty tostop; stty | grep -c tostop; stty -tostop", "1\n");
    end(vm);
}
END_TEST

// Keys of which the first leads to insert mode, and Escape.  Keys that followed
// that at once would be one key with it.
static void
insert(struct vm *vm, const char *keys)
{
    vm_keys(vm, keys);
    vm_expect(vm, "I text");
    vm_keys(vm, ESCAPE);
    vm_expect(vm, "- text");
}

// The prompt comes below vi's last line.
static void
leave_vi(struct vm *vm, const char *keys)
{
    vm_keys(vm, keys);
    vm_expect(vm, "/ # ");
}

START_TEST(vi)
{
    struct vm *vm = begin("linux-vi");

    vm_type(vm, "vi text");
    vm_expect(vm, "1/1");
    insert(vm, "ifirst line\nthird line");
    insert(vm, "Osecond");
    insert(vm, "A line");
    vm_keys(vm, "yyjp:2\nrS");
    leave_vi(vm, ":wq\n");
    session_says(vm, "cat text",
                 "first line\nSecond line\nthird line\nsecond line\n");
    vm_type(vm, "vi text");
    vm_expect(vm, "third line");
    insert(vm, "dGix");
    leave_vi(vm, ":q!\n");
    session_says(vm, "wc -l <text", "4\n");
    end(vm);
}
END_TEST

START_TEST(system_tools)
{
    struct vm *vm = begin("linux-tools");

    session_shows(vm, "ps", "^ +[0-9]+ root +.*(ps|sh)");
    session_shows(vm, "top -b -n1", "^Load average: [0-9.]+");
    session_shows(vm, "top -b -n1", "^ +[0-9]+ +[0-9]+ root +R .*top");
    session_shows(vm, "free", "^Mem: +[1-9][0-9]+ +[1-9][0-9]+ +[1-9]");
    session_shows(vm, "uname -a", "^Linux .* i[3-6]86 ");
    session_shows(vm, "mount", "^plates on / ");
    session_shows(vm, "df / | tail -1", "^plates .* /$");
    session_shows(vm, "id", "^uid=0\\(root\\)");
    session_shows(vm, "uptime", "load average");
    session_shows(vm, "date +%Y", "^20[2-9][0-9]$");
    session_shows(vm, "ls -1 /disk/bin", "^counter$");
    session_says(vm,
                 "cp /disk/bin/counter /tmp/c; cmp /disk/bin/counter "
                 "/tmp/c; echo $?",
                 "0\n");
    session_shows(vm, "touch /disk/x", "Read-only");
    session_shows(vm, "cat /proc/tender/restart", "^outcome: cold$");
    session_shows(vm, "occ status", "^Continuous-operation control is enabled");
    session_shows(vm, "dmesg | head -n 1",
                  "^\\[ +[0-9]+.[0-9]{6}\\] tender: build ");
    session_shows(vm, "ls -l /proc/self/exe", "/bin/busybox$");
    end(vm);
}
END_TEST

// The native shell and the Linux one take turns at the terminal.
START_TEST(sessions)
{
    struct vm *vm = begin("linux-sessions");

    session_command(vm, "echo kept >/tmp/kept");
    session_command(vm, "sleep 1000 &");
    vm_type(vm, "exit");
    vm_prompt(vm);
    checked_command(vm, "res linux", "sleep");
    checked_command(vm, "linux cat /tmp/kept", "kept\n");
    checked_command(vm, "linux nothing", "There is no command or program");
    session_shell(vm);
    session_says(vm, "cat /tmp/kept", "kept\n");
    session_shows(vm, "ps", "sleep 1000$");
    vm_keys(vm, CTRL_D);
    vm_prompt(vm);
    checked_command(vm, "counter 1000 &", "counter");
    end(vm);
}
END_TEST

START_TEST(first_program)
{
    struct vm *vm = vm_new(&(struct vm_options){
        .name = "linux-first", .append = "run=/bin/sh occ=on", .mem_mib = 128});

    vm_decision(vm);
    vm_expect(vm, SESSION_PROMPT);
    session_says(vm, "echo $((6 * 7))", "42\n");
    session_command(vm, "x=kept");
    unsigned save = session_save(vm);

    session_command(vm, "x=lost");
    session_cut(vm);
    session_restored(vm, save);
    vm_expect(vm, SESSION_PROMPT);
    session_says(vm, "echo $x", "kept\n");
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("Linux programs");
    TCase *tests = tcase_create("a machine");

    if (!session_possible("busybox", "a shell, as people use it"))
        return 0;
    tcase_set_timeout(tests, CASE_SECONDS);
    tcase_add_test(tests, lines);
    tcase_add_test(tests, users);
    tcase_add_test(tests, jobs);
    tcase_add_test(tests, background_input);
    tcase_add_test(tests, vi);
    tcase_add_test(tests, system_tools);
    tcase_add_test(tests, sessions);
    tcase_add_test(tests, first_program);
    suite_add_tcase(suite, tests);
    return checked_main(suite);
}
