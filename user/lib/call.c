// call.c -- the operations of the kernel's resources, spelt out
#include "tender.h"

static word
address(const void *pointer)
{
    return (word)pointer;
}

int
resource_create(u32 kind, const char *name, word a1, word a2, word a3)
{
    return tender_call(OP_CREATE, KIND_ID(kind), address(name), a1, a2, a3);
}

int
resource_delete(rid id)
{
    return tender_call(OP_DELETE, id, 0, 0, 0, 0);
}

int
resource_open(u32 kind, const char *name)
{
    return tender_call(OP_OPEN, KIND_ID(kind), address(name), 0, 0, 0);
}

int
resource_close(rid id)
{
    return tender_call(OP_CLOSE, id, 0, 0, 0, 0);
}

int
resource_read(rid target, void *buffer, u32 bytes, u32 position)
{
    return tender_call(OP_READ, target, address(buffer), bytes, position, 0);
}

int
resource_write(rid target, const void *buffer, u32 bytes, u32 position)
{
    return tender_call(OP_WRITE, target, address(buffer), bytes, position, 0);
}

int
resource_control(rid target, u32 code, word a1, word a2, word a3)
{
    return tender_call(OP_CONTROL, target, code, a1, a2, a3);
}

rid
process_self(void)
{
    return (rid)resource_control(KIND_ID(KIND_PROCESS), PROCESS_SELF, 0, 0, 0);
}

// Make a process of a kind: the arguments go as strings, each with its 0.
static int
run(u32 kind, const char *path, const char *const argv[], u32 flags)
{
    char args[ARGS_BYTES];
    u32 bytes = 0;

    for (u32 i = 0; argv[i] != NULL; i++) {
        u32 length = text_length(argv[i]) + 1;

        if (length > sizeof(args) - bytes)
            return E_TOO_LONG;
        memcpy(args + bytes, argv[i], length);
        bytes += length;
    }
    return tender_call(OP_CREATE, KIND_ID(kind), address(path), address(args),
                       bytes, flags);
}

int
process_run(const char *path, const char *const argv[], u32 flags)
{
    return run(KIND_PROCESS, path, argv, flags);
}

int
linux_run(const char *path, const char *const argv[], u32 flags)
{
    return run(KIND_LINUX, path, argv, flags);
}

int
process_wait(rid child)
{
    return resource_control(child, PROCESS_WAIT, 0, 0, 0);
}

int
process_poll(rid child)
{
    return resource_control(child, PROCESS_POLL, 0, 0, 0);
}

int
process_kill(rid process)
{
    return resource_delete(process);
}

void
sleep_ms(u32 ms)
{
    resource_control(KIND_ID(KIND_EXECUTION), EXECUTION_SLEEP, ms, 0, 0);
}

void
yield(void)
{
    resource_control(KIND_ID(KIND_EXECUTION), EXECUTION_YIELD, 0, 0, 0);
}

static int
system(u32 code, word a1, word a2, word a3)
{
    return resource_control(KIND_ID(KIND_SYSTEM), code, a1, a2, a3);
}

u64
uptime_us(void)
{
    u64 us = 0;

    system(SYSTEM_UPTIME, address(&us), 0, 0);
    return us;
}

int
region_create(const char *name, u32 bytes)
{
    return resource_create(KIND_REGION, name, bytes, 0, 0);
}

int
vuspace_attach(const char *name, rid region, u32 va, u32 flags)
{
    return resource_create(KIND_VUSPACE, name, region, va, flags);
}

void *
vuspace_address(rid vuspace)
{
    int va = resource_control(vuspace, VU_ADDRESS, 0, 0, 0);

    return va < 0 ? NULL : (void *)(word)va;
}

int
vuspace_bytes(rid vuspace)
{
    return resource_control(vuspace, VU_SIZE, 0, 0, 0);
}

void *
memory_new(u32 bytes, int *error)
{
    int region = region_create(NULL, bytes);
    int space;

    *error = region;
    if (region < 0)
        return NULL;
    space = vuspace_attach(NULL, (rid)region, 0, VU_WRITABLE);
    *error = space;
    if (space < 0) {
        resource_delete((rid)region);
        return NULL;
    }
    return vuspace_address((rid)space);
}

int
plate_create(const char *name, rid vuspace)
{
    return resource_create(KIND_PLATE, name, vuspace, 0, 0);
}

int
plate_read(rid plate, struct plate_info *info)
{
    return resource_read(plate, info, sizeof(*info), 0);
}

int
event_create(const char *name, u32 count)
{
    return resource_create(KIND_EVENT, name, count, 0, 0);
}

int
event_signal(rid event, u32 count)
{
    return resource_control(event, EVENT_SIGNAL, count, 0, 0);
}

int
event_wait(rid event, u32 ms)
{
    return resource_control(event, EVENT_WAIT, ms, 0, 0);
}

int
message_create(const char *name, u32 messages, u32 bytes_each)
{
    return resource_create(KIND_MESSAGE, name, messages, bytes_each, 0);
}

int
message_send(rid container, const void *message, u32 bytes)
{
    return resource_write(container, message, bytes, 0);
}

int
message_receive(rid container, void *message, u32 bytes)
{
    return resource_read(container, message, bytes, 0);
}

int
timer_create(const char *name, rid event, u32 ms, u32 mode)
{
    return resource_create(KIND_TIMER, name, event, ms, mode);
}

int
disk_list(const char *path, u32 index, struct disk_name *entry)
{
    return resource_control(KIND_ID(KIND_DISK), DISK_LIST, address(path), index,
                            address(entry));
}

int
system_save(void)
{
    return system(SYSTEM_SAVE, 0, 0, 0);
}

int
system_shutdown(void)
{
    return system(SYSTEM_SHUTDOWN, 0, 0, 0);
}

int
system_reboot(void)
{
    return system(SYSTEM_REBOOT, 0, 0, 0);
}

int
system_occ_enable(void)
{
    return system(SYSTEM_OCC_ENABLE, 0, 0, 0);
}

int
system_occ_disable(void)
{
    return system(SYSTEM_OCC_DISABLE, 0, 0, 0);
}

int
system_status(struct system_status *status)
{
    memset(status, 0, sizeof(*status));
    return system(SYSTEM_STATUS, address(status), 0, 0);
}

int
system_kind(u32 kind, struct kind_info *info)
{
    return system(SYSTEM_KIND, kind, address(info), 0);
}

int
system_trace(struct trace_line *lines, u32 count)
{
    return system(SYSTEM_TRACE, address(lines), count, 0);
}

int
system_next(u32 kind, u32 *index, struct resource_info *info)
{
    int next = system(SYSTEM_LIST, kind, *index, address(info));

    if (next <= 0)
        return next;
    *index = (u32)next;
    return 1;
}
