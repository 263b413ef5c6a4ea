/* Where a Linux program begins when there is no C library.
 *
 * The kernel enters `_start` with the initial stack: argument count, arguments, null, environment, null, auxiliary vector.
 * We move to a large stack of our own (it grows lazily, and ends in a guard area), arrange that running into the
 * guard ends in a message and exit code 134, and call the program: `int clef_start(long *initial_stack)`.
 * The program's only other door to the kernel is `clef_syscall`.
 *
 * With CLEF_LOADED the program is a guest in a running process, which calls `clef_run_loaded`.
 */

typedef unsigned long word;

/* Bytes of address space for the main stack; a program may define its own. */
__attribute__((weak)) const word clef_stack_size = 1ul << 28;

#define GUARD_SIZE (1ul << 20)
#define SIGNAL_STACK_SIZE (1ul << 16)

#if defined(__x86_64__)
enum { WRITE = 1, MMAP = 9, MPROTECT = 10, MUNMAP = 11, RT_SIGACTION = 13, MADVISE = 28, SIGALTSTACK = 131, EXIT_GROUP = 231 };
#else
enum { WRITE = 64, EXIT_GROUP = 94, SIGALTSTACK = 132, RT_SIGACTION = 134, MUNMAP = 215, MMAP = 222, MPROTECT = 226, MADVISE = 233 };
#endif

/* The kernel's answer: a value, or an error number negated. */
long clef_syscall(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc #0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
#elif defined(__riscv)
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    register long a5 __asm__("a5") = f;
    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                     : "memory");
    return a0;
#endif
}

#define KERNEL(number, a, b, c, d) clef_syscall(number, (long)(a), (long)(b), (long)(c), (long)(d), -1, 0)

/* Opens a function whose caller a debugger must not look for. */
#define NO_CALLER(return_address) \
    ".cfi_sections .debug_frame\n\t.cfi_startproc\n\t.cfi_undefined " return_address "\n\t"

/* Calls `function(argument)` with the stack pointer at `top`, then comes back to the old stack. A debugger's
 * backtrace ends here: the frames below belong to another stack. */
__attribute__((naked)) int clef_call_on_stack(int (*function)(word *), word *argument, void *top) {
#if defined(__x86_64__)
    __asm__ volatile(NO_CALLER("rip")
                     "pushq %rbp\n\t"
                     "movq %rsp, %rbp\n\t"
                     "movq %rdx, %rsp\n\t"
                     "movq %rdi, %rax\n\t"
                     "movq %rsi, %rdi\n\t"
                     "callq *%rax\n\t"
                     "movq %rbp, %rsp\n\t"
                     "popq %rbp\n\t"
                     "retq\n\t.cfi_endproc");
#elif defined(__aarch64__)
    __asm__ volatile(NO_CALLER("x30")
                     "stp x29, x30, [sp, #-16]!\n\t"
                     "mov x29, sp\n\t"
                     "mov sp, x2\n\t"
                     "mov x9, x0\n\t"
                     "mov x0, x1\n\t"
                     "blr x9\n\t"
                     "mov sp, x29\n\t"
                     "ldp x29, x30, [sp], #16\n\t"
                     "ret\n\t.cfi_endproc");
#elif defined(__riscv)
    __asm__ volatile(NO_CALLER("ra")
                     "addi sp, sp, -16\n\t"
                     "sd ra, 8(sp)\n\t"
                     "sd s0, 0(sp)\n\t"
                     "mv s0, sp\n\t"
                     "mv sp, a2\n\t"
                     "mv t0, a0\n\t"
                     "mv a0, a1\n\t"
                     "jalr t0\n\t"
                     "mv sp, s0\n\t"
                     "ld s0, 0(sp)\n\t"
                     "ld ra, 8(sp)\n\t"
                     "addi sp, sp, 16\n\t"
                     "ret\n\t.cfi_endproc");
#endif
}

static word guard_start;

struct signal_information {
    int signal, error, code, padding;
    word address;
};

/* Nothing is ever mapped here: whoever touches it went through null. */
#define NULL_AREA 0x10000ul

/* Writes what the program has printed so far; only there if it prints. */
__attribute__((weak)) extern void clef_flush(void);

static void last_words(const char *message, word length) {
    if (clef_flush) clef_flush();
    KERNEL(WRITE, 2, message, length, 0);
    KERNEL(EXIT_GROUP, 134, 0, 0, 0);
}

/* A fault elsewhere returns and happens again, now with the default action: the process dies of it. */
static void on_fault(int signal, const struct signal_information *information, void *context) {
    (void)signal;
    (void)context;
    if (information->address - guard_start < GUARD_SIZE) {
        static const char message[] = "Stack overflow.\n";
        last_words(message, sizeof message - 1);
    }
    if (information->code == 1 && information->address < NULL_AREA) { /* SEGV_MAPERR */
        static const char message[] =
            "Unhandled exception. System.NullReferenceException: "
            "Object reference not set to an instance of an object.\n";
        last_words(message, sizeof message - 1);
    }
}

#if defined(__x86_64__)
__attribute__((naked)) static void return_from_signal(void) {
    __asm__ volatile("movl $15, %eax\n\tsyscall");
}
#define RESTORER ((word)return_from_signal)
#define RESTORER_FLAG 0x04000000ul
#else
#define RESTORER 0ul
#define RESTORER_FLAG 0ul
#endif

struct signal_stack {
    void *start;
    int flags;
    word size;
};

/* The kernel's layout; RISC-V has no restorer, and reads the mask in its place: both are zero. */
struct signal_action {
    void (*handler)(int, const struct signal_information *, void *);
    word flags;
    word restorer;
    word mask;
};

/* What a process does on a fault. */
struct fault_handling {
    struct signal_stack stack;
    struct signal_action action;
};

/* Arranges `handling`, and keeps in `before`, where given, what was in force until now. */
static void handle_faults(const struct fault_handling *handling, struct fault_handling *before) {
    KERNEL(SIGALTSTACK, &handling->stack, before ? &before->stack : 0, 0, 0);
    KERNEL(RT_SIGACTION, 11, &handling->action, before ? &before->action : 0, 8); /* SIGSEGV */
}

static void catch_stack_overflow(struct fault_handling *before) {
    static char memory[SIGNAL_STACK_SIZE] __attribute__((aligned(16)));
    /* SA_SIGINFO, SA_ONSTACK, SA_RESETHAND */
    const word flags = 0x4ul | 0x08000000ul | 0x80000000ul | RESTORER_FLAG;
    const struct fault_handling ours = {{memory, 0, sizeof memory}, {on_fault, flags, RESTORER, 0}};
    handle_faults(&ours, before);
}

/* Address space for a stack, whose lowest part is its guard; null when there is none. Under a limit less will do. */
static char *map_stack(word *given) {
    for (word size = clef_stack_size; size >= 4 * GUARD_SIZE; size /= 2) {
        /* readable and writable; MAP_PRIVATE, MAP_ANONYMOUS, MAP_NORESERVE, MAP_STACK */
        long start = KERNEL(MMAP, 0, size, 3, 0x2 | 0x20 | 0x4000 | 0x20000);
        if (start > 0) {
            KERNEL(MADVISE, start, size, 15, 0); /* small pages: the first touch must not clear two megabytes */
            KERNEL(MPROTECT, start, GUARD_SIZE, 0, 0);
            *given = size;
            return (char *)start;
        }
    }
    return 0;
}

static word stack_size;

/* The top of a new stack, or null. */
static char *new_stack(void) {
    char *start = map_stack(&stack_size);
    if (!start) return 0;
    guard_start = (word)start;
    return start + stack_size;
}

#include "stacks.h"

#if defined(CLEF_LOADED)

/* Runs a program on a stack of its own, and leaves the process as it was; gives the program's exit code. */
__attribute__((visibility("default"))) int clef_run_loaded(int (*program)(word *), word *initial_stack) {
    struct fault_handling before;
    char *top = new_stack();
    if (!top) return program(initial_stack);
    catch_stack_overflow(&before);
    int code = clef_call_on_stack(program, initial_stack, top);
    handle_faults(&before, 0);
    KERNEL(MUNMAP, guard_start, stack_size, 0, 0);
    return code;
}

#else

extern int clef_start(word *initial_stack);

/* Runs the program on a stack of its own; gives its exit code. */
static int run(word *initial_stack) {
    char *top = new_stack();
    if (!top) return clef_start(initial_stack);
    catch_stack_overflow(0);
    return clef_call_on_stack(clef_start, initial_stack, top);
}

#if defined(CLEF_WITH_C_LIBRARY)

extern void exit(int);

/* The C library has set itself up, and passes on the arguments where the kernel put them. */
int main(int count, char **arguments) {
    (void)count;
    exit(run((word *)arguments - 1));
}

#else

__attribute__((noreturn, used)) static void enter(word *initial_stack) {
    KERNEL(EXIT_GROUP, run(initial_stack), 0, 0, 0);
    __builtin_unreachable();
}

__attribute__((naked, noreturn)) void _start(void) {
#if defined(__x86_64__)
    __asm__ volatile(NO_CALLER("rip")
                     "xorl %%ebp, %%ebp\n\t"
                     "movq %%rsp, %%rdi\n\t"
                     "andq $-16, %%rsp\n\t"
                     "callq %c0\n\t.cfi_endproc" ::"i"(enter));
#elif defined(__aarch64__)
    __asm__ volatile(NO_CALLER("x30")
                     "mov x29, #0\n\t"
                     "mov x30, #0\n\t"
                     "mov x0, sp\n\t"
                     "b %c0\n\t.cfi_endproc" ::"i"(enter));
#elif defined(__riscv)
    __asm__ volatile(NO_CALLER("ra")
                     "mv a0, sp\n\t"
                     "andi sp, sp, -16\n\t"
                     "tail %c0\n\t.cfi_endproc" ::"i"(enter));
#endif
}

#endif

#endif
