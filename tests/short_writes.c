/* Preloaded into a process: its writes to regular files take less than they are given, as the system may do.
   BEECH_SHORT is K: every K-th takes half. BEECH_FULL is N: the N-th takes half, and from then on there is no
   room. What is written to a pipe or a terminal goes as it is, and is not counted. BEECH_COUNTED names a file that
   is told, after each, how many were counted. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off_t);

static long number(const char *name)
{
    const char *said = getenv(name);
    return said ? atol(said) : 0;
}

static void tell(long calls)
{
    const char *place = getenv("BEECH_COUNTED");
    char text[24];
    int kept = errno, fd = place ? open(place, O_WRONLY) : -1;
    if (fd >= 0) {
        pwrite_fn real = (pwrite_fn)dlsym(RTLD_NEXT, "pwrite");
        real(fd, text, snprintf(text, sizeof text, "%ld", calls), 0);
        close(fd);
    }
    errno = kept;
}

/* Returns how many of n bytes are to be taken; -1 where there is no room. */
static ssize_t room(int fd, size_t n)
{
    static long calls = 0;
    struct stat found;
    long each = number("BEECH_SHORT"), full = number("BEECH_FULL");
    if (n < 2 || fstat(fd, &found) || !S_ISREG(found.st_mode))
        return n;
    tell(++calls);
    if (full && calls > full) {
        errno = ENOSPC;
        return -1;
    }
    return (full && calls == full) || (each && calls % each == 0) ? n / 2 : n;
}

ssize_t write(int fd, const void *from, size_t n)
{
    static write_fn real = 0;
    ssize_t most = room(fd, n);
    if (!real)
        real = (write_fn)dlsym(RTLD_NEXT, "write");
    return most < 0 ? -1 : real(fd, from, most);
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t at)
{
    static pwrite_fn real = 0;
    ssize_t most = room(fd, n);
    if (!real)
        real = (pwrite_fn)dlsym(RTLD_NEXT, "pwrite");
    return most < 0 ? -1 : real(fd, from, most, at);
}

ssize_t pwrite64(int fd, const void *from, size_t n, off_t at)
{
    return pwrite(fd, from, n, at);
}
