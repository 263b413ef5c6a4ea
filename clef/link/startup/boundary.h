/* How C enters a Clef library: one lock, one start, and the texts of the exceptions that calls ended with.
 *
 * A Clef library has one heap. Its calls therefore run one at a time: whoever comes while another thread is inside waits,
 * and a thread that is inside may come again (Clef called it back). No C library is needed: the lock is a futex, a thread
 * is known by its thread pointer, texts of exceptions lie in a table of fixed size.
 */

#include <stdbool.h>
#include <stdint.h>

#define CLEF_EXPORT __attribute__((visibility("default")))

typedef union {
    int8_t i8;
    uint8_t u8;
    int16_t i16;
    uint16_t u16;
    int32_t i32;
    uint32_t u32;
    int64_t i64;
    uint64_t u64;
    float f32;
    double f64;
    bool boolean;
    void *pointer;
} clef_slot;

extern long clef_syscall(long number, long a, long b, long c, long d, long e, long f);
extern int32_t clef_start(void *stack, clef_slot *slots);
extern int32_t clef_call(int32_t index, clef_slot *slots);
extern const char *clef_site(void);
extern void clef_flush(void);

/* The host's environment, where it has a C library. */
__attribute__((weak, visibility("default"))) extern char **environ;

#if defined(__x86_64__)
enum { CLEF_FUTEX = 202 };
static inline uintptr_t clef_thread(void) {
    uintptr_t thread;
    __asm__("movq %%fs:0, %0" : "=r"(thread));
    return thread;
}
#else
enum { CLEF_FUTEX = 98 };
static inline uintptr_t clef_thread(void) { return (uintptr_t)__builtin_thread_pointer(); }
#endif

/* The lock: 0 free, 1 held, 2 held and waited for (U. Drepper, Futexes Are Tricky, 2011, mutex 2). */
static int clef_lock_word;
static uintptr_t clef_owner;
static int clef_depth;

static void clef_lock(uintptr_t me) {
    if (__atomic_load_n(&clef_owner, __ATOMIC_RELAXED) == me && me) {
        clef_depth++;
        return;
    }
    int free_word = 0;
    if (!__atomic_compare_exchange_n(&clef_lock_word, &free_word, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        while (__atomic_exchange_n(&clef_lock_word, 2, __ATOMIC_ACQUIRE))
            clef_syscall(CLEF_FUTEX, (long)&clef_lock_word, 128, 2, 0, 0, 0); /* FUTEX_WAIT_PRIVATE */
    }
    __atomic_store_n(&clef_owner, me, __ATOMIC_RELAXED);
    clef_depth = 1;
}

static void clef_unlock(void) {
    if (--clef_depth) return;
    __atomic_store_n(&clef_owner, 0, __ATOMIC_RELAXED);
    if (__atomic_exchange_n(&clef_lock_word, 0, __ATOMIC_RELEASE) == 2)
        clef_syscall(CLEF_FUTEX, (long)&clef_lock_word, 129, 1, 0, 0, 0); /* FUTEX_WAKE_PRIVATE */
}

/* Exceptions, by thread. When more threads than there are places have failed, the oldest text goes. */
enum { CLEF_PLACES = 32 };
static struct clef_failure {
    uintptr_t thread;
    uint64_t age;
    char message[1024], type[128], place[256];
} clef_table[CLEF_PLACES];
static int32_t clef_failures;
static uint64_t clef_clock;

static struct clef_failure *clef_failure_of(uintptr_t thread) {
    for (int i = 0; i < CLEF_PLACES; i++)
        if (clef_table[i].thread == thread) return &clef_table[i];
    return 0;
}

/* Copies a text, and cuts what is too long before a character of UTF-8. */
static void clef_keep(char *to, long size, const char *from) {
    long n = 0;
    while (from && n < size - 1 && from[n]) to[n] = from[n], n++;
    if (from && from[n])
        while (n > 0 && (from[n] & 0xC0) == 0x80) n--;
    to[n] = 0;
}

static void clef_forget(uintptr_t me) {
    struct clef_failure *known = clef_failure_of(me);
    if (known) known->thread = 0, clef_failures--;
}

/* A place is told as `file:line`; Clef keeps it as the line "   at file:line". */
static void clef_note(uintptr_t me, const char *type, const char *message, const char *place) {
    struct clef_failure *at = clef_failure_of(me);
    if (!at) at = clef_failure_of(0), clef_failures += at != 0;
    if (!at) {
        at = clef_table;
        for (int i = 1; i < CLEF_PLACES; i++)
            if (clef_table[i].age < at->age) at = &clef_table[i];
    }
    at->thread = me;
    at->age = ++clef_clock;
    clef_keep(at->message, sizeof at->message, message);
    clef_keep(at->type, sizeof at->type, type);
    const char *bare = place;
    for (const char *p = place; p && *p; p++)
        if (p - place < 6 && *p == ' ' && (p[1] != ' ' && p[1] != 'a')) bare = p + 1;
    clef_keep(at->place, sizeof at->place, bare);
    for (char *p = at->place; *p; p++)
        if (*p == '\n') *p = 0;
}

static const char *clef_last_error(int what) {
    uintptr_t me = clef_thread();
    clef_lock(me);
    struct clef_failure *known = clef_failures ? clef_failure_of(me) : 0;
    clef_unlock();
    if (!known) return 0;
    return what == 0 ? known->message : what == 1 ? known->type : known->place;
}

/* 0 before the start, 1 after it, 2 when it failed; 3 while it runs. */
static int clef_state;

static void clef_failed(uintptr_t me, int32_t code, clef_slot *slots) {
    if (code == 1)
        clef_note(me, slots[0].pointer, slots[1].pointer, clef_site());
    else
        clef_note(me, "Clef.LibraryException", "the library could not tell what went wrong", "");
}

/* With the lock held: whether the start-up actions have run well. */
static bool clef_ready(uintptr_t me) {
    if (clef_state == 1 || clef_state == 3) return true;
    if (clef_state == 2) {
        clef_note(me, "System.TypeInitializationException", "the library's start-up actions failed", "");
        return false;
    }
    static void *stack[4 + 1024] = {(void *)1, (void *)"library"};
    if (&environ && environ)
        for (int i = 0; i < 1023 && environ[i]; i++) stack[3 + i] = environ[i];
    clef_slot slots[2];
    clef_state = 3;
    int32_t code = clef_start(stack, slots);
    clef_state = code ? 2 : 1;
    if (code) clef_failed(me, code, slots);
    return !code;
}

static bool clef_begin(void) {
    uintptr_t me = clef_thread();
    clef_lock(me);
    if (clef_failures) clef_forget(me);
    bool good = clef_ready(me);
    clef_flush();
    clef_unlock();
    return good;
}

/* Calls the function `index`; false when it ended with an exception. */
static bool clef_enter(int32_t index, clef_slot *slots) {
    uintptr_t me = clef_thread();
    clef_lock(me);
    if (clef_failures) clef_forget(me);
    int32_t code = 0;
    bool good = clef_ready(me);
    if (good && (code = clef_call(index, slots))) {
        good = false;
        clef_failed(me, code, slots);
    }
    if (clef_depth == 1 && clef_state == 1) clef_flush();
    clef_unlock();
    return good;
}

/* Gives a result back. What is known of this thread's last call stays. */
static bool clef_release(int32_t index, clef_slot *slots) {
    uintptr_t me = clef_thread();
    clef_lock(me);
    bool good = clef_state == 1 && clef_call(index, slots) == 0;
    clef_unlock();
    return good;
}
