/*
 * A disk that can be watched and that can fail, for one process (LD_PRELOAD): sees the writes to the ledger's files.
 *
 * DISK_LOG    Appends a record for each write, sync, truncation and removal: an 'W', 'S', 'T' or 'R', an 'm' (the
 *             ledger) or a 'w' (its WAL), offset and length as 64 bits, then a write's bytes.
 * DISK_FAULT  A file "COUNT ERRNO": the COUNT-th write or sync from then on fails with ERRNO, and the file is removed;
 *             with a COUNT below 0 all fail for as long as the file is there.
 *
 * The shared memory file is left alone: SQLite makes it anew after a loss of power.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int log_file = -1;
static long counted;
static char counted_for[64];

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("DISK_LOG");
  if (path) log_file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* 'm' or 'w' for a file of the ledger, 0 for any other. */
static char kind_of(const char *path) {
  size_t length = strlen(path);
  if (length >= 14 && strcmp(path + length - 14, "/ledger.sqlite") == 0) return 'm';
  if (length >= 18 && strcmp(path + length - 18, "/ledger.sqlite-wal") == 0) return 'w';
  return 0;
}

static char kind_of_fd(int fd) {
  char link[32], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return kind_of(path);
}

static void put(const void *bytes, size_t length) {
  const char *from = bytes;
  while (length > 0) {
    long written = syscall(SYS_write, log_file, from, length);
    if (written < 0) _exit(97);
    from += written;
    length -= (size_t)written;
  }
}

static void record(char what, char kind, uint64_t offset, uint64_t length, const void *bytes) {
  if (log_file < 0) return;
  char head[18] = {what, kind};
  memcpy(head + 2, &offset, 8);
  memcpy(head + 10, &length, 8);
  put(head, sizeof head);
  if (bytes) put(bytes, (size_t)length);
}

/* Whether this write or sync has to fail; sets errno. */
static int fails(void) {
  const char *path = getenv("DISK_FAULT");
  if (!path) return 0;
  int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) return 0;
  char text[64] = {0};
  long got = syscall(SYS_read, file, text, sizeof text - 1);
  syscall(SYS_close, file);
  long at;
  int number;
  if (got <= 0 || sscanf(text, "%ld %d", &at, &number) != 2) return 0;
  if (at < 0) {
    errno = number;
    return 1;
  }
  if (strcmp(text, counted_for) != 0) {
    strcpy(counted_for, text);
    counted = 0;
  }
  if (++counted != at) return 0;
  counted_for[0] = 0;
  unlink(path);
  errno = number;
  return 1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
  char kind = kind_of_fd(fd);
  if (kind && fails()) return -1;
  ssize_t written = real(fd, bytes, length, offset);
  if (kind && written > 0) record('W', kind, (uint64_t)offset, (uint64_t)written, bytes);
  return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  return pwrite64(fd, bytes, length, offset);
}

static int synced(int fd, const char *name) {
  char kind = kind_of_fd(fd);
  if (kind && fails()) return -1;
  int (*real)(int) = dlsym(RTLD_NEXT, name);
  int result = real(fd);
  if (kind && result == 0) record('S', kind, 0, 0, NULL);
  return result;
}

int fdatasync(int fd) { return synced(fd, "fdatasync"); }
int fsync(int fd) { return synced(fd, "fsync"); }

int ftruncate64(int fd, off64_t length) {
  static int (*real)(int, off64_t);
  if (!real) real = dlsym(RTLD_NEXT, "ftruncate64");
  char kind = kind_of_fd(fd);
  int result = real(fd, length);
  if (kind && result == 0) record('T', kind, 0, (uint64_t)length, NULL);
  return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int unlink(const char *path) {
  static int (*real)(const char *);
  if (!real) real = dlsym(RTLD_NEXT, "unlink");
  char kind = kind_of(path);
  int result = real(path);
  if (kind && result == 0) record('R', kind, 0, 0, NULL);
  return result;
}
