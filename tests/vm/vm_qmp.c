// vm_qmp.c -- QEMU's control socket: reset, quit, NMI, look at the screen
#include "vm.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"

#define TEXT_PA 0xb8000
#define COLUMNS 80
#define ROWS 25

// The socket is there a moment after QEMU started.
static int
connect_socket(struct vm *vm)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    double until = now() + VM_PATIENCE;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = (time_t)VM_PATIENCE};

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    snprintf(address.sun_path, sizeof(address.sun_path), "%s",
             vm_qmp_socket(vm));
    while (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
        if (now() > until || !vm_is_on(vm))
            vm_fail(vm, "%s: %s", address.sun_path, strerror(errno));
        vm_run(vm, 20);
    }
    return fd;
}

// Read lines until one has this word.
static const char *
read_reply(struct vm *vm, FILE *socket, const char *word)
{
    static char line[4096];

    while (fgets(line, sizeof(line), socket) != NULL) {
        if (strstr(line, "\"error\"") != NULL)
            vm_fail(vm, "QMP: %s", line);
        if (strstr(line, word) != NULL)
            return line;
    }
    vm_fail(vm, "QMP: no reply: %s", strerror(errno));
}

const char *
vm_qmp(struct vm *vm, const char *command)
{
    int fd = connect_socket(vm);
    FILE *socket = fdopen(fd, "r");
    const char *reply;

    read_reply(vm, socket, "\"QMP\"");
    dprintf(fd, "{\"execute\":\"qmp_capabilities\"}\n");
    read_reply(vm, socket, "\"return\"");
    dprintf(fd, "%s\n", command);
    reply = read_reply(vm, socket, "\"return\"");
    fclose(socket);
    return reply;
}

void
vm_reset(struct vm *vm)
{
    vm_qmp(vm, "{\"execute\":\"system_reset\"}");
}

void
vm_quit(struct vm *vm)
{
    vm_qmp(vm, "{\"execute\":\"quit\"}");
    vm_end(vm);
}

void
vm_nmi(struct vm *vm)
{
    vm_qmp(vm, "{\"execute\":\"inject-nmi\"}");
}

// A command that makes QEMU write a file; returns it opened.
static FILE *
dump(struct vm *vm, const char *format, char path[200])
{
    char command[400];
    FILE *file;

    snprintf(path, 200, "%s.dump", vm_qmp_socket(vm));
    snprintf(command, sizeof(command), format, path);
    vm_qmp(vm, command);
    file = fopen(path, "rb");
    if (file == NULL)
        vm_fail(vm, "%s: %s", path, strerror(errno));
    return file;
}

double
vm_screen_lit(struct vm *vm)
{
    char path[200];
    FILE *file = dump(vm,
                      "{\"execute\":\"screendump\",\"arguments\":"
                      "{\"filename\":\"%s\"}}",
                      path);
    unsigned width = 0, height = 0, lit = 0;

    if (fscanf(file, "P6 %u %u 255%*c", &width, &height) != 2)
        vm_fail(vm, "%s is not a PPM picture.", path);
    for (unsigned i = 0; i < width * height; i++)
        lit += getc(file) + getc(file) + getc(file) > 16;
    fclose(file);
    unlink(path);
    return width * height == 0 ? 0 : 100.0 * lit / (width * height);
}

const char *
vm_screen_text(struct vm *vm)
{
    static char text[ROWS * (COLUMNS + 1) + 1];
    char path[200], command[200], *p = text;
    FILE *file;

    snprintf(command, sizeof(command),
             "{\"execute\":\"pmemsave\",\"arguments\":{\"val\":%d,\"size\":%d,"
             "\"filename\":\"%%s\"}}",
             TEXT_PA, ROWS * COLUMNS * 2);
    file = dump(vm, command, path);
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
            int c = getc(file);

            getc(file); // the colour
            *p++ = c >= ' ' && c < 127 ? (char)c : ' ';
        }
        *p++ = '\n';
    }
    *p = 0;
    fclose(file);
    unlink(path);
    return text;
}
