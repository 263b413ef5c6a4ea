/* Runs a command and writes what it took into a file: nanoseconds by the wall clock, microseconds of
   the processor for the program and for the system, kilobytes of memory at the peak, the wait status.
   It is small, so that the memory of the command is counted from nearly nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Deep recursion is part of some programs; every language gets the same stack. */
static void allow_stack(rlim_t bytes) {
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > bytes) limit.rlim_cur = bytes;
    else limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_STACK, &limit);
}

static long long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long microseconds(struct timeval value) {
    return value.tv_sec * 1000000LL + value.tv_usec;
}

int main(int count, char **words) {
    if (count < 3) return 2;
    long long start = nanoseconds();
    pid_t child = fork();
    if (child == 0) {
        allow_stack(1000000000);
        execvp(words[2], words + 2);
        perror(words[2]);
        _exit(127);
    }
    int status;
    struct rusage used;
    if (child < 0 || wait4(child, &status, 0, &used) < 0) return 2;
    long long wall = nanoseconds() - start;
    FILE *figures = fopen(words[1], "w");
    if (!figures) return 2;
    fprintf(figures, "%lld %lld %lld %ld %d\n", wall, microseconds(used.ru_utime),
            microseconds(used.ru_stime), used.ru_maxrss, status);
    return fclose(figures) ? 2 : 0;
}
