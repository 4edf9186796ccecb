// show.c -- reports about the system, for people to read
#include "show.h"

#define TRACE_MOST 256u

int
show_error(const char *what, int error)
{
    print("%s: %s.\n", what, error_sentence(error));
    return error;
}

static int
get_status(struct system_status *status)
{
    int err = system_status(status);

    return err < 0 ? show_error("The system's status", err) : 0;
}

// The execution of a process; executions say in detail[0] whose they are.
static int
find_execution(rid process, struct resource_info *info)
{
    u32 index = 0;

    while (system_next(KIND_EXECUTION, &index, info) == 1)
        if (info->detail[0] == process)
            return 1;
    return 0;
}

int
show_processes(void)
{
    struct resource_info process, execution;
    u32 index = 0;
    int result;

    print("%-10s  %-10s  %-8s  %8s  %s\n", "ID", "PARENT", "STATE", "TICKS",
          "NAME");
    while ((result = system_next(KIND_PROCESS, &index, &process)) == 1) {
        if (!find_execution(process.id, &execution)) {
            text_copy(execution.state, process.state, 16);
            execution.detail[1] = 0;
        }
        print("0x%08x  0x%08x  %-8s  %8u  %s\n", process.id, process.owner,
              execution.state, execution.detail[1], process.name);
    }
    return result < 0 ? show_error("The processes", result) : 0;
}

int
show_kinds(void)
{
    struct kind_info info;

    print("%4s  %-16s %6s %8s  %s\n", "KIND", "NAME", "USED", "CAPACITY",
          "CREATE DELETE   OPEN  CLOSE   READ  WRITE CONTROL");
    for (u32 kind = 1; kind < KINDS; kind++) {
        const u32 *calls = info.calls;

        if (system_kind(kind, &info) < 0)
            continue;
        print("%4u  %-16s %6u %8u  %6u %6u %6u %6u %6u %6u %7u\n", kind,
              info.name, info.used, info.capacity, calls[OP_CREATE],
              calls[OP_DELETE], calls[OP_OPEN], calls[OP_CLOSE], calls[OP_READ],
              calls[OP_WRITE], calls[OP_CONTROL]);
    }
    return 0;
}

// The number of a kind given by name or number; 0 if there is no such kind.
static u32
find_kind(const char *text)
{
    struct kind_info info;
    u32 kind;

    if (number_parse(text, &kind) == 0)
        return kind < KINDS && system_kind(kind, &info) == 0 ? kind : 0;
    for (kind = 1; kind < KINDS; kind++)
        if (system_kind(kind, &info) == 0 && text_equal(info.name, text))
            return kind;
    return 0;
}

int
show_resources(const char *text)
{
    struct resource_info info;
    u32 kind = find_kind(text);
    u32 index = 0;
    u32 count = 0;
    int result;

    if (kind == 0) {
        print("There is no kind \"%s\"; res alone lists the kinds.\n", text);
        return E_KIND;
    }
    print("%-10s  %-10s  %-8s  %-43s  %s\n", "ID", "OWNER", "STATE", "DETAILS",
          "NAME");
    while ((result = system_next(kind, &index, &info)) == 1) {
        const u32 *detail = info.detail;

        print("0x%08x  0x%08x  %-8s  %10x %10x %10x %10x  %s\n", info.id,
              info.owner, info.state, detail[0], detail[1], detail[2],
              detail[3], info.name);
        count++;
    }
    if (result < 0)
        return show_error("The resources", result);
    print("%u in all\n", count);
    return 0;
}

// What a plate describes: detail[] is space, address, pages, changed pages.
int
show_plates(void)
{
    struct resource_info info;
    u32 index = 0;
    u32 count = 0;
    int result;

    print("%-10s  %-10s  %-10s  %6s  %7s  %s\n", "PLATE", "SPACE", "ADDRESS",
          "PAGES", "CHANGED", "NAME");
    while ((result = system_next(KIND_PLATE, &index, &info)) == 1) {
        print("0x%08x  0x%08x  0x%08x  %6u  %7u  %s\n", info.id, info.detail[0],
              info.detail[1], info.detail[2], info.detail[3], info.name);
        count++;
    }
    if (result < 0)
        return show_error("The plates", result);
    print("%u plates%s\n", count, count == 0 ? "; occ enable makes them" : "");
    return 0;
}

int
show_plate_statistics(void)
{
    struct system_status s;
    int err = get_status(&s);

    if (err < 0)
        return err;
    print("plates           %8u  of %u pages\n", s.plates, s.plate_pages);
    if (s.store == STORE_DISK)
        print("permanent units  %8u  pages, of %u on the plate disk\n",
              s.unit_pages, s.unit_room);
    else
        print("save areas       %8u\n", s.save_areas);
    print("pending deletes  %8u\n", s.pending);
    print("newest save      %8u  0 = none\n", s.generation);
    print("its pages        %8u  copied, %u of them of tables\n", s.save_pages,
          s.save_table_pages);
    print("its time         %8u  us", s.save_us);
    if (s.store == STORE_DISK)
        print(", %u of them for the disk, in %u requests", s.save_disk_us,
              s.save_requests);
    print("\n");
    return 0;
}

int
show_occ(void)
{
    struct system_status s;
    int err = get_status(&s);

    if (err < 0)
        return err;
    if (!s.occ_enabled)
        print("Continuous-operation control is disabled; occ enable turns it "
              "on.\n");
    else if (s.generation == 0)
        print("Continuous-operation control is enabled: %u plates of %u "
              "pages, nothing saved yet; save saves.\n",
              s.plates, s.plate_pages);
    else
        print("Continuous-operation control is enabled: %u plates of %u "
              "pages, newest save %u.\n",
              s.plates, s.plate_pages, s.generation);
    return 0;
}

static void
show_pages(const char *what, u32 pages)
{
    print("%-16s %8u pages %9u KiB\n", what, pages, pages * (PAGE_SIZE / 1024));
}

int
show_memory(void)
{
    struct system_status s;
    int err = get_status(&s);

    if (err < 0)
        return err;
    show_pages("all memory", s.memory_pages);
    show_pages("managed", s.usable_pages);
    show_pages("free", s.free_pages);
    show_pages("kernel", s.kernel_pages);
    show_pages("plates", s.plate_pages);
    return 0;
}

int
show_uptime(void)
{
    static const char *const began[] = {"a cold start", "a shutdown point",
                                        "a save"};
    struct system_status s;
    u64 seconds = uptime_us();
    u32 us = divide(&seconds, 1000000);
    u32 up = (u32)seconds;
    int err = get_status(&s);

    if (err < 0)
        return err;
    print("Up %u:%02u:%02u.%03u, boot %u since the cold start; this one went "
          "on from %s.\n",
          up / 3600, up / 60 % 60, up % 60, us / 1000, s.boots,
          s.restored < ARRAY_LEN(began) ? began[s.restored] : "?");
    return 0;
}

static void
show_trace_line(const struct trace_line *line)
{
    static const char *const operations[OPS] = {
        "create", "delete", "open", "close", "read", "write", "control"};
    struct kind_info info;
    u64 seconds = line->us;
    u32 us = divide(&seconds, 1000000);

    if (system_kind(line->target >> 26, &info) < 0)
        text_copy(info.name, "?", sizeof(info.name));
    print("%6u.%06u  0x%08x  %-7s  %-10s 0x%08x  0x%08x  %d%s%s\n",
          (u32)seconds, us, line->caller,
          line->op < OPS ? operations[line->op] : "?", info.name, line->target,
          line->code, line->result, line->result < 0 ? ": " : "",
          line->result < 0 ? error_sentence(line->result) : "");
}

int
show_trace(u32 lines)
{
    static struct trace_line line[TRACE_MOST];
    int count = system_trace(line, MIN(lines, TRACE_MOST));

    if (count < 0)
        return show_error("The trace", count);
    print("%13s  %-10s  %-7s  %-10s %-10s  %-10s  %s\n", "SECONDS", "CALLER",
          "DOES", "KIND", "TARGET", "ARGUMENT 0", "RESULT");
    for (int i = 0; i < count; i++)
        show_trace_line(&line[i]);
    return 0;
}

int
show_files(const char *path)
{
    struct disk_name entry;
    int err;

    for (u32 index = 0; (err = disk_list(path, index, &entry)) >= 0; index++) {
        if (entry.directory)
            print("%10s  %s/\n", "", entry.name);
        else
            print("%10u  %s\n", entry.bytes, entry.name);
    }
    return err == E_NAME ? 0 : show_error(path, err);
}
