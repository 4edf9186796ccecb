// plugin.c -- a TCG plugin: every change of NV memory, and a held machine
//
//   -plugin plugin.so,ctl=FILE
//
// FILE is laid out as ctl.h says.  What is translated calls back only where a
// stop is, or if this machine is to trace.
#include "tests/cut/inside.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

extern const int qemu_plugin_version;
const int qemu_plugin_version = 1;

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info,
                        int argc, char **argv);

// What an instruction callback must know of its instruction.
struct code {
    enum cut_kind kind;
    bool first; // of its block
    uint32_t eip;
    uint8_t bytes[16];
};

static void
on_access(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t va, void *data)
{
    uint32_t size = 1u << qemu_plugin_mem_size_shift(info);
    uint32_t here = 4096 - ((uint32_t)va & 4095);
    uint32_t eip = (uint32_t)(uintptr_t)data;

    (void)vcpu;
    bool store = qemu_plugin_mem_is_store(info);

    if (!in.ctl->tracing || in.pushing || (!store && !in.ctl->reading))
        return;
    struct qemu_plugin_hwaddr *hw = qemu_plugin_get_hwaddr(info, va);

    if (hw == NULL || qemu_plugin_hwaddr_is_io(hw))
        return;
    uint64_t pa = qemu_plugin_hwaddr_phys_addr(hw);

    if (in.ctl->reading) {
        uint32_t part = size <= here ? size : here;

        reading_access((uint32_t)pa, part, store);
        if (part < size)
            reading_access((uint32_t)physical((uint32_t)va + here), size - part,
                           store);
        return;
    }
    if (size <= here)
        trace_store(CUT_STORE, (uint32_t)pa, size, eip);
    else
        trace_split((uint32_t)pa, here, (uint32_t)physical((uint32_t)va + here),
                    size - here, eip);
}

static void
on_flush(const struct code *code)
{
    uint64_t pa = UINT64_MAX;

    if (code->first)
        pa = physical(decode_address(code->bytes, in.regs));
    if (pa >= in.ctl->memory_bytes) {
        in.ctl->inexact++;
        return;
    }
    trace_note(code->kind, (uint32_t)pa & ~63u, 0, code->eip);
}

static uint32_t
cr3_value(const struct code *code)
{
    return code->first ? in.regs[code->bytes[2] & 7] : 0;
}

static void
on_code(unsigned vcpu, void *data)
{
    const struct code *code = data;

    (void)vcpu;
    if (!in.ctl->tracing || in.ctl->reading)
        return;
    if (code->kind == CUT_FLUSH || code->kind == CUT_FLUSH_NOW)
        on_flush(code);
    else
        trace_note(code->kind, 0, code->kind == CUT_CR3 ? cr3_value(code) : 0,
                   code->eip);
}

static void
watch_code(struct qemu_plugin_insn *insn, bool first)
{
    const uint8_t *bytes = qemu_plugin_insn_data(insn);
    size_t size = qemu_plugin_insn_size(insn);
    enum cut_kind kind = decode_kind(bytes, (unsigned)size);
    struct code *code;

    if (kind == 0)
        return;
    code = __builtin_malloc(sizeof(*code)); // as long as its translation
    *code = (struct code){.kind = kind, .first = first};
    code->eip = (uint32_t)qemu_plugin_insn_vaddr(insn);
    memcpy(code->bytes, bytes, size < 16 ? size : 16);
    qemu_plugin_register_vcpu_insn_exec_cb(insn, on_code,
                                           QEMU_PLUGIN_CB_NO_REGS, code);
}

static void
watch_stops(struct qemu_plugin_insn *insn)
{
    uint32_t va = (uint32_t)qemu_plugin_insn_vaddr(insn);

    for (uint32_t i = 0; i < in.ctl->stops; i++)
        if (in.ctl->stop[i].va == va)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, hold_at_stop,
                                                   QEMU_PLUGIN_CB_NO_REGS,
                                                   (void *)(uintptr_t)i);
}

static void
on_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    size_t n = qemu_plugin_tb_n_insns(tb);
    void *va = (void *)(uintptr_t)(uint32_t)qemu_plugin_tb_vaddr(tb);

    (void)id;
    if (in.ram == NULL)
        find_machine();
    if (in.ctl->instrumented)
        qemu_plugin_register_vcpu_tb_exec_cb(tb, hold_at_return,
                                             QEMU_PLUGIN_CB_NO_REGS, va);
    for (size_t i = 0; i < n; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        uint32_t eip = (uint32_t)qemu_plugin_insn_vaddr(insn);

        watch_stops(insn);
        if (!in.ctl->instrumented)
            continue;
        watch_code(insn, i == 0);
        qemu_plugin_register_vcpu_mem_cb(
            insn, on_access, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW,
            (void *)(uintptr_t)eip);
    }
}

static const char *
open_ctl(int argc, char **argv)
{
    struct stat status;
    int fd;

    if (argc != 1 || strncmp(argv[0], "ctl=", 4) != 0)
        return "say ctl=FILE";
    fd = open(argv[0] + 4, O_RDWR | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) < 0)
        return "the ctl file cannot be opened";
    in.ctl = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE,
                  MAP_SHARED, fd, 0);
    close(fd);
    if (in.ctl == MAP_FAILED || in.ctl->magic != CTL_MAGIC) {
        in.ctl = NULL;
        return "the ctl file is none";
    }
    return NULL;
}

int
qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info,
                    int argc, char **argv)
{
    const char *wrong = open_ctl(argc, argv);

    (void)info;
    if (wrong == NULL)
        wrong = find_lacks();
    if (wrong == NULL)
        wrong = find_hooks();
    if (wrong != NULL)
        give_up(wrong);
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
    return 0;
}
