/* What every function of the stub libraries does first.
 *
 * The environment variable STUB_<function> holds what that function does, any of these, separated by commas:
 *   rc=N       return N             delay=MS   wait first
 *   hang       never return         abort, segv, ill   die by that signal
 *   print      write to the standard output
 *   write=PATH write a byte into PATH (on a frozen file system: uninterruptible sleep)
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void stub_write(const char *path) {
    char place[512];
    snprintf(place, sizeof place, "%s", path);
    place[strcspn(place, ",")] = 0;
    int descriptor = open(place, O_WRONLY | O_CREAT, 0600);
    if (descriptor >= 0) {
        if (write(descriptor, "x", 1) < 0) abort();
        fsync(descriptor);
        close(descriptor);
    }
}

__attribute__((unused)) static int stub_act(const char *function) {
    char name[128];
    snprintf(name, sizeof name, "STUB_%s", function);
    const char *orders = getenv(name);
    if (!orders) return 0;
    const char *found;
    if ((found = strstr(orders, "print"))) { printf("noise from %s\n", function); fflush(stdout); }
    if ((found = strstr(orders, "delay="))) usleep(atoi(found + 6) * 1000);
    if ((found = strstr(orders, "write="))) stub_write(found + 6);
    if (strstr(orders, "hang")) for (;;) pause();
    if (strstr(orders, "abort")) abort();
    if (strstr(orders, "segv")) raise(SIGSEGV);
    if (strstr(orders, "ill")) raise(SIGILL);
    return (found = strstr(orders, "rc=")) ? atoi(found + 3) : 0;
}

__attribute__((unused)) static int stub_number(const char *name, int otherwise) {
    const char *text = getenv(name);
    return text ? atoi(text) : otherwise;
}

/* Field number `field` of GPU number `index` in STUB_GPUS, "8.9|NVIDIA L4|23034;9.0|NVIDIA H100|81559". */
__attribute__((unused)) static void stub_field(int index, int field, char *into, size_t size) {
    const char *at = getenv("STUB_GPUS");
    into[0] = 0;
    if (!at) at = "8.9|NVIDIA L4|23034";
    while (index-- > 0 && at) { at = strchr(at, ';'); if (at) at++; }
    while (field-- > 0 && at) { at = strchr(at, '|'); if (at) at++; }
    if (at) { snprintf(into, size, "%s", at); into[strcspn(into, "|;")] = 0; }
}

__attribute__((unused)) static int stub_count(void) {
    const char *at = getenv("STUB_GPUS");
    if (!at) return 1;
    if (!*at) return 0;
    int count = 1;
    for (; *at; at++) count += *at == ';';
    return count;
}
