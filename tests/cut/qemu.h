// qemu.h -- QEMU as the plugin meets it
//
// First its plugin interface, version 1; then functions of its own that the
// binary exports.  They are weak: qemu_lacks() tells which are missing.
#ifndef CUT_QEMU_H
#define CUT_QEMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// --- the plugin interface ---

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;
struct qemu_info_t; // not looked at

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_RW = 3 };

typedef void tb_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb);
typedef void executed(unsigned vcpu, void *data);
typedef void
accessed(unsigned vcpu, qemu_plugin_meminfo_t info, uint64_t va, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, tb_translated *);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, executed *,
                                          enum qemu_plugin_cb_flags, void *);
void
qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, executed *,
                                       enum qemu_plugin_cb_flags, void *);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *, accessed *,
                                      enum qemu_plugin_cb_flags,
                                      enum qemu_plugin_mem_rw, void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t);
struct qemu_plugin_hwaddr *
qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t, uint64_t va);
bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *);
uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *);

// --- exported by chance ---

#define WEAK __attribute__((weak))

extern __thread void *current_cpu WEAK;

typedef bool tlb_fill(void *cpu, uint64_t va, int size, int access, int mmu,
                      bool probe, uintptr_t return_address);
typedef void do_interrupt(void *cpu);
typedef bool exec_interrupt(void *cpu, int request);
typedef void io_write(void *opaque, uint64_t at, uint64_t value, unsigned size);
typedef uint32_t port_read(void *opaque, uint32_t at);
typedef int each_block(void *block, void *data);

struct io_ops {
    void *read;
    io_write *write;
};

// start and end are offsets of RAM; a bit for each page between them.
struct dirty_snapshot {
    uint64_t start, end;
    uint64_t dirty[];
};

tlb_fill x86_cpu_tlb_fill WEAK;
do_interrupt x86_cpu_do_interrupt WEAK;
exec_interrupt x86_cpu_exec_interrupt WEAK;
extern struct io_ops serial_io_ops WEAK;
port_read ide_status_read WEAK;
void cpu_dump_state(void *cpu, FILE *file, int flags) WEAK;
uint64_t cpu_get_phys_page_debug(void *cpu, uint64_t va) WEAK;
void cpu_loop_exit_noexc(void *cpu) WEAK;
void qemu_system_reset_request(int cause) WEAK;
void tb_invalidate_phys_page(uint64_t ram_at) WEAK;
void qemu_mutex_lock_iothread_impl(const char *file, int line) WEAK;
void qemu_mutex_unlock_iothread(void) WEAK;
void bdrv_drain_all(void) WEAK;
void *qemu_get_aio_context(void) WEAK;
bool aio_poll(void *context, bool blocking) WEAK;
void aio_bh_schedule_oneshot_full(void *context, void (*call)(void *),
                                  void *data, const char *name) WEAK;
void memory_global_dirty_log_start(unsigned who) WEAK;
void *memory_region_from_host(void *host, uint64_t *offset) WEAK;
struct dirty_snapshot *
cpu_physical_memory_snapshot_and_clear_dirty(void *region, uint64_t at,
                                             uint64_t bytes,
                                             unsigned client) WEAK;
int qemu_ram_foreach_block(each_block *each, void *data) WEAK;
void *qemu_ram_get_host_addr(void *block) WEAK;
uint64_t qemu_ram_get_used_length(void *block) WEAK;
uint64_t qemu_ram_get_offset(void *block) WEAK;

#define RESET_CAUSE 3  // asked for from outside
#define DIRTY_CLIENT 2 // migration's,
#define DIRTY_LOG 1    // and what makes devices set it as well

#endif
