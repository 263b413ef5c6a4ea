/* Stacks beside the one that a program begins on: whoever waits stays on its own, and others go on with theirs.
 *
 * A stack is known by the record at its top; the one that is in use when the first is made is known as null. Stacks whose
 * body has ended are kept for the next, a few of them; the others go back to the kernel. Included by linux.c, whose
 * `guard_start` follows the running stack, so that running into its guard is told like on the first.
 */

struct stack {
    word pointer; /* while it does not run */
    word start, size;
    struct stack *(*body)(void); /* gives the stack that goes on when it ends */
    struct stack *next;
};

enum { SPARE_STACKS = 8 };

static struct stack first_stack;
static struct stack *running_stack = &first_stack;
static struct stack *spare_stacks;
static word spare_count;

/* Keeps what a call keeps on the running stack, notes where in `from`, and goes on with the stack at `to`. */
__attribute__((naked)) static void change_stack(word *from, word to) {
#if defined(__x86_64__)
    __asm__ volatile("pushq %rbp\n\t"
                     "pushq %rbx\n\t"
                     "pushq %r12\n\t"
                     "pushq %r13\n\t"
                     "pushq %r14\n\t"
                     "pushq %r15\n\t"
                     "movq %rsp, (%rdi)\n\t"
                     "movq %rsi, %rsp\n\t"
                     "popq %r15\n\t"
                     "popq %r14\n\t"
                     "popq %r13\n\t"
                     "popq %r12\n\t"
                     "popq %rbx\n\t"
                     "popq %rbp\n\t"
                     "retq");
#elif defined(__aarch64__)
    __asm__ volatile("sub sp, sp, #160\n\t"
                     "stp x29, x30, [sp, #0]\n\t"
                     "stp x19, x20, [sp, #16]\n\t"
                     "stp x21, x22, [sp, #32]\n\t"
                     "stp x23, x24, [sp, #48]\n\t"
                     "stp x25, x26, [sp, #64]\n\t"
                     "stp x27, x28, [sp, #80]\n\t"
                     "stp d8, d9, [sp, #96]\n\t"
                     "stp d10, d11, [sp, #112]\n\t"
                     "stp d12, d13, [sp, #128]\n\t"
                     "stp d14, d15, [sp, #144]\n\t"
                     "mov x9, sp\n\t"
                     "str x9, [x0]\n\t"
                     "mov sp, x1\n\t"
                     "ldp x29, x30, [sp, #0]\n\t"
                     "ldp x19, x20, [sp, #16]\n\t"
                     "ldp x21, x22, [sp, #32]\n\t"
                     "ldp x23, x24, [sp, #48]\n\t"
                     "ldp x25, x26, [sp, #64]\n\t"
                     "ldp x27, x28, [sp, #80]\n\t"
                     "ldp d8, d9, [sp, #96]\n\t"
                     "ldp d10, d11, [sp, #112]\n\t"
                     "ldp d12, d13, [sp, #128]\n\t"
                     "ldp d14, d15, [sp, #144]\n\t"
                     "add sp, sp, #160\n\t"
                     "ret");
#elif defined(__riscv)
#define EACH_KEPT(DO, DO_FLOAT)                                                                                    \
    DO("ra", "0") DO("s0", "8") DO("s1", "16") DO("s2", "24") DO("s3", "32") DO("s4", "40") DO("s5", "48")          \
    DO("s6", "56") DO("s7", "64") DO("s8", "72") DO("s9", "80") DO("s10", "88") DO("s11", "96")                     \
    DO_FLOAT("fs0", "104") DO_FLOAT("fs1", "112") DO_FLOAT("fs2", "120") DO_FLOAT("fs3", "128")                     \
    DO_FLOAT("fs4", "136") DO_FLOAT("fs5", "144") DO_FLOAT("fs6", "152") DO_FLOAT("fs7", "160")                     \
    DO_FLOAT("fs8", "168") DO_FLOAT("fs9", "176") DO_FLOAT("fs10", "184") DO_FLOAT("fs11", "192")
#define KEEP(name, place) "sd " name ", " place "(sp)\n\t"
#define KEEP_FLOAT(name, place) "fsd " name ", " place "(sp)\n\t"
#define FETCH(name, place) "ld " name ", " place "(sp)\n\t"
#define FETCH_FLOAT(name, place) "fld " name ", " place "(sp)\n\t"
    __asm__ volatile("addi sp, sp, -208\n\t" EACH_KEPT(KEEP, KEEP_FLOAT)
                     "sd sp, 0(a0)\n\t"
                     "mv sp, a1\n\t" EACH_KEPT(FETCH, FETCH_FLOAT)
                     "addi sp, sp, 208\n\t"
                     "ret");
#endif
}

static void go_on_with(struct stack *to) {
    struct stack *from = running_stack;
    from->start = guard_start;
    running_stack = to;
    guard_start = to->start;
    change_stack(&from->pointer, to->pointer);
}

/* What a stack begins with: its body, which gives the stack that goes on afterwards. This one is then kept for another
 * body, or given back later: nobody can give back the stack that it stands on. */
__attribute__((noreturn, used)) static void live(void) {
    struct stack *own = running_stack;
    struct stack *next = own->body();
    if (spare_count >= SPARE_STACKS) {
        struct stack *other = spare_stacks;
        spare_stacks = other->next;
        spare_count--;
        KERNEL(MUNMAP, other->start, other->size, 0, 0);
    }
    own->next = spare_stacks;
    spare_stacks = own;
    spare_count++;
    go_on_with(next ? next : &first_stack);
    __builtin_unreachable();
}

/* Where a new stack begins: a debugger's backtrace ends here. */
__attribute__((naked)) static void begin(void) {
#if defined(__x86_64__)
    __asm__ volatile(NO_CALLER("rip") "callq %c0\n\t.cfi_endproc" ::"i"(live));
#elif defined(__aarch64__)
    __asm__ volatile(NO_CALLER("x30") "bl %c0\n\t.cfi_endproc" ::"i"(live));
#elif defined(__riscv)
    __asm__ volatile(NO_CALLER("ra") "call %c0\n\t.cfi_endproc" ::"i"(live));
#endif
}

/* A stack that begins with `body` when it is switched to; null when there is no address space for one. */
struct stack *clef_stack_new(struct stack *(*body)(void)) {
    struct stack *made = spare_stacks;
    if (made) {
        spare_stacks = made->next;
        spare_count--;
    } else {
        word size;
        char *start = map_stack(&size);
        if (!start) return 0;
        made = (struct stack *)(start + size) - 1;
        made->start = (word)start;
        made->size = size;
    }
    made->body = body;
    word *place = (word *)((word)made & -64ul);
#if defined(__x86_64__)
    *--place = (word)begin;
    place -= 6; /* the six that `change_stack` keeps */
    place[5] = 0;
#elif defined(__aarch64__)
    place -= 20;
    place[0] = 0;
    place[1] = (word)begin;
#elif defined(__riscv)
    place -= 26;
    place[0] = (word)begin;
    place[1] = 0;
#endif
    made->pointer = (word)place;
    return made;
}

/* Goes on with another stack, until somebody goes on with this one. */
void clef_stack_switch(struct stack *to) { go_on_with(to ? to : &first_stack); }
