// test_disk.c -- what a bad disk or a bad program can do: only harm itself
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checked.h"
#include "nv.h"

#define PARTITION 1048576u // byte where partition 1 starts
#define BLOCK 1024u        // bytes of a block of its ext2
#define TABLE 446u         // of the partitions, in sector 0

// A machine with its own copy of the disk.
static struct vm *
with_disk(const char *name, char path[64])
{
    snprintf(path, 64, "build/vm/%s.img", name);
    nv_copy(VM_DISK, path);
    return vm_new(&(struct vm_options){.name = name, .disk = path});
}

// Run debugfs on partition 1; what it printed.
static const char *
debugfs(const char *disk, const char *request)
{
    static char output[4096];
    char command[512];
    FILE *pipe;

    snprintf(command, sizeof(command),
             "PATH=$PATH:/sbin:/usr/sbin debugfs -w -R '%s' '%s?offset=%u' "
             "2>/dev/null",
             request, disk, PARTITION);
    pipe = popen(command, "r");
    output[fread(output, 1, sizeof(output) - 1, pipe)] = 0;
    if (pclose(pipe) != 0)
        ck_abort_msg("%s", command);
    return output;
}

// Where in the disk image a file's first block lies.
static u64
first_block(const char *disk, const char *path)
{
    char request[100];

    snprintf(request, sizeof(request), "bmap %s 0", path);
    return PARTITION + (u64)atoi(debugfs(disk, request)) * BLOCK;
}

static void
done(struct vm *vm, const char *disk)
{
    vm_no_loss(vm);
    unlink(disk);
    vm_free(vm);
}

// No disk image: does tools/vm say so before it starts anything?
START_TEST(no_disk)
{
    struct vm *vm = vm_new(&(struct vm_options){
        .name = "no-disk", .disk = "build/vm/there-is-none.img"});

    vm_on(vm);
    vm_expect(vm, "disk image .* is missing");
    ck_assert_int_eq(vm_end(vm), 2);
    vm_free(vm);
}
END_TEST

// No partitions: nothing can boot; is the state there with a good disk?
START_TEST(no_partitions)
{
    char disk[64];
    struct vm *vm = with_disk("no-partitions", disk);
    struct nv_root root = {0}, after;
    u8 none[64] = {0};

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    checked_save(vm);
    vm_cut(vm);
    nv_root(vm_nv(vm), &root);
    nv_write(disk, TABLE, none, sizeof(none));
    vm_on(vm);
    vm_run(vm, 3000);
    vm_cut(vm);
    nv_root(vm_nv(vm), &after);
    ck_assert_mem_eq(&root, &after, sizeof(root));
    nv_copy(VM_DISK, disk);
    checked_restore(vm, 1);
    done(vm, disk);
}
END_TEST

// Partition 1 is of another type: GRUB does not mind.  Does the kernel say what
// it misses?
START_TEST(partition_of_another_type)
{
    char disk[64];
    struct vm *vm = with_disk("type", disk);
    u8 type = 0x0b;

    nv_write(disk, TABLE + 4, &type, 1);
    vm_on(vm);
    vm_expect(vm, "cannot be started: the disk has no ext2 file system in");
    done(vm, disk);
}
END_TEST

// The folder of the programs is junk: a sentence, no crash.
START_TEST(damaged_folder)
{
    char disk[64];
    struct vm *vm = with_disk("folder", disk);

    nv_fill_random(disk, first_block(disk, "/bin"), BLOCK, 1 + (unsigned)_i);
    vm_on(vm);
    vm_expect(vm, "damaged|no such file");
    done(vm, disk);
}
END_TEST

// A file's size and block numbers are absurd.
static const struct {
    const char *request;
    const char *says;
} inodes[] = {
    {"set_inode_field /bin/hello block[0] 99999999", "damaged|not an i386"},
    {"set_inode_field /bin/hello size 0", "not an i386|damaged"},
    {"set_inode_field /bin/hello size 4294967295", "damaged|not an|memory"},
    {"set_inode_field /bin/hello block[IND] 4000000000", "damaged|hello"},
    {"set_inode_field /bin/hello mode 0", "damaged|no command|not an"},
    {"clri /bin/hello", "damaged|no command|not an"},
};
#define INODES (int)(sizeof(inodes) / sizeof(inodes[0]))

static void
refuses_hello(struct vm *vm, const char *says)
{
    checked_boot(vm, VM_COLD);
    vm_type(vm, "hello");
    vm_expect(vm, says);
    vm_expect(vm, "^tender> ");
    vm_command(vm, "counter 50 &");
    vm_expect(vm, "counter: 3\n");
}

START_TEST(damaged_inode)
{
    char disk[64];
    struct vm *vm = with_disk("inode", disk);

    vm_note(vm, "%s", inodes[_i].request);
    debugfs(disk, inodes[_i].request);
    refuses_hello(vm, inodes[_i].says);
    done(vm, disk);
}
END_TEST

// A program whose head says absurd things.
static void
spoil(Elf32_Ehdr *elf, Elf32_Phdr *segment, int how)
{
    switch (how) {
    case 0:
        memset(elf, 'x', sizeof(*elf));
        break;
    case 1:
        elf->e_machine = EM_X86_64;
        break;
    case 2:
        elf->e_phoff = 0xfffffff0;
        break;
    case 3:
        elf->e_phnum = 0xffff;
        break;
    case 4:
        segment->p_vaddr = 0x80100000;
        break;
    case 5:
        segment->p_vaddr = 0xfffff000;
        break;
    case 6:
        segment->p_memsz = 0xffffffff;
        break;
    case 7:
        segment->p_filesz = segment->p_memsz + 4096;
        break;
    case 8:
        segment->p_offset = 0x7fffff00;
        break;
    case 9:
        elf->e_phentsize = 1;
        break;
    }
}
#define SPOILT 10

START_TEST(damaged_program)
{
    char disk[64];
    struct vm *vm = with_disk("program", disk);
    u64 at = first_block(disk, "/bin/hello");
    u8 block[BLOCK];
    Elf32_Ehdr *elf = (void *)block;

    vm_note(vm, "spoilt in way %d", _i);
    nv_read(disk, at, block, sizeof(block));
    ck_assert_uint_lt(elf->e_phoff, BLOCK - sizeof(Elf32_Phdr));
    spoil(elf, (void *)(block + elf->e_phoff), _i);
    nv_write(disk, at, block, sizeof(block));
    refuses_hello(vm, "not an i386|memory|addresses|range|damaged");
    done(vm, disk);
}
END_TEST

// Junk behind the head, and an entry point in the kernel: the program dies.
START_TEST(junk_program)
{
    char disk[64];
    struct vm *vm = with_disk("junk-program", disk);
    u64 at = first_block(disk, "/bin/hello");
    u32 entry = _i == 0 ? 0x80100000 : 0x00000010;

    nv_write(disk, at + offsetof(Elf32_Ehdr, e_entry), &entry, 4);
    refuses_hello(vm, "exit code 139|not an i386|range");
    done(vm, disk);
}
END_TEST

static const char *const faults[] = {"null",   "kernel", "text",      "stack",
                                     "divide", "opcode", "privileged"};
#define FAULTS (int)(sizeof(faults) / sizeof(faults[0]))

// A program breaks a rule: does only it die, each time, and a save between?
START_TEST(faults_kill_only_themselves)
{
    struct vm *vm = checked_vm("fault");
    struct watch *watch = watch_new(vm);
    char line[40];

    checked_boot(vm, VM_COLD);
    checked_command(vm, "occ enable", "enabled");
    vm_command(vm, "counter 50 &");
    for (int i = 0; i < FAULTS; i++) {
        snprintf(line, sizeof(line), "fault %s", faults[i]);
        checked_command(vm, line, "exit code 139");
        checked_watch(watch, watch_count(watch, 2));
        checked_save(vm);
    }
    vm_command(vm, "fault loop &");
    checked_watch(watch, watch_count(watch, 5));
    checked_command(vm, "kill %2", "");
    checked_command(vm, "jobs", "counter 50");
    checked_watch(watch, watch_count(watch, 2));
    checked_save(vm);
    vm_cut(vm);
    struct vm_boot boot = checked_boot(vm, VM_RESTORED);

    checked_watch(watch, watch_boot(watch, &boot));
    checked_watch(watch, watch_count(watch, 2));
    vm_free(vm);
}
END_TEST

// Are wrong system calls refused, all of them, and spaces kept apart?
START_TEST(bad_calls)
{
    struct vm *vm = checked_vm("badcalls");

    checked_boot(vm, VM_COLD);
    vm_command(vm, "counter 100 &");
    vm_type(vm, "badcalls");
    vm_expect(vm, "badcalls: [0-9]+ calls refused, 0 accepted wrongly");
    vm_expect(vm, "counter: [0-9]+\n");
    vm_no_loss(vm);
    vm_free(vm);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("disk and programs");
    TCase *disks = tcase_create("disks");
    TCase *programs = tcase_create("programs");

    tcase_set_timeout(disks, CASE_SECONDS);
    tcase_add_test(disks, no_disk);
    tcase_add_test(disks, no_partitions);
    tcase_add_test(disks, partition_of_another_type);
    tcase_add_loop_test(disks, damaged_folder, 0, 2);
    tcase_add_loop_test(disks, damaged_inode, 0, INODES);
    suite_add_tcase(suite, disks);

    tcase_set_timeout(programs, CASE_SECONDS);
    tcase_add_loop_test(programs, damaged_program, 0, SPOILT);
    tcase_add_loop_test(programs, junk_program, 0, 2);
    tcase_add_test(programs, faults_kill_only_themselves);
    tcase_add_test(programs, bad_calls);
    suite_add_tcase(suite, programs);
    return checked_main(suite);
}
