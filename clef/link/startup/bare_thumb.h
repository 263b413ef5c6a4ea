/* ARMv7-M: how a Cortex-M starts, tells the time, fails, and speaks with a debugger.
 *
 * The program runs on the process stack, handlers on the main stack, so that a fault of the program's stack can be told.
 * Where there is a memory protection unit, a part of the RAM below the stack is closed; elsewhere the end of the RAM is
 * what a stack runs into.
 * Source: ARMv7-M Architecture Reference Manual, B1.5 (exceptions), B3.2 (system control), B3.3 (SysTick), B3.5 (MPU).
 */

#define SYSTICK_CONTROL 0xE000E010
#define SYSTICK_RELOAD 0xE000E014
#define SYSTICK_VALUE 0xE000E018
#define VECTORS 0xE000ED08
#define COPROCESSORS 0xE000ED88
#define SYSTEM_HANDLERS 0xE000ED24
#define FAULT_STATUS 0xE000ED28
#define MEMORY_FAULT_ADDRESS 0xE000ED34
#define BUS_FAULT_ADDRESS 0xE000ED38
#define PROTECTION_TYPE 0xE000ED90
#define PROTECTION_CONTROL 0xE000ED94
#define PROTECTION_REGION 0xE000ED98
#define PROTECTION_BASE 0xE000ED9C
#define PROTECTION_SIZE 0xE000EDA0

static void wait_for_interrupt(void) { __asm__ volatile("wfi"); }

__attribute__((noinline)) static word semihost(word operation, word argument) {
    register word r0 __asm__("r0") = operation;
    register word r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

#if defined(BOARD_ENDING_SEMIHOSTING)
static void end_of_machine(int code) {
    word reason[2] = {0x20026, (word)code}; /* ADP_Stopped_ApplicationExit */
    semihost(0x20, (word)reason);           /* SYS_EXIT_EXTENDED */
}
#endif

extern const byte clef_vector_table[];

static void prepare_processor(void) {
    REGISTER(VECTORS) = (word)clef_vector_table; /* another program may have started this one */
#if defined(__ARM_FP)
    REGISTER(COPROCESSORS) |= 0xFu << 20;
    __asm__ volatile("dsb\n\tisb");
#endif
    REGISTER(SYSTEM_HANDLERS) |= 7u << 16; /* usage, bus and memory faults have handlers of their own */
#if BOARD_GUARD_SIZE
    if (REGISTER(PROTECTION_TYPE) & 0xFF00) { /* there are regions */
        REGISTER(PROTECTION_REGION) = 0;
        REGISTER(PROTECTION_BASE) = (word)clef_stack_bottom - BOARD_GUARD_SIZE;
        /* nothing may be fetched, read or written there; the size is a power of two */
        REGISTER(PROTECTION_SIZE) = 1u << 28 | (unsigned)(30 - __builtin_clz(BOARD_GUARD_SIZE)) << 1 | 1;
        REGISTER(PROTECTION_CONTROL) = 5; /* everywhere else what the processor has by itself */
        __asm__ volatile("dsb\n\tisb");
    }
#endif
}

/* Time ---------------------------------------------------------------------------------------------------------- */

#if defined(BOARD_CLOCK_HZ)

static volatile unsigned milliseconds, rounds; /* 32 bits, and how often they have run over */

__attribute__((used)) static void tick(void) {
    if (++milliseconds == 0) rounds++;
}

static unsigned long long timer_nanoseconds(void) {
    const unsigned reload = BOARD_CLOCK_HZ / 1000 - 1;
    if (!(REGISTER(SYSTICK_CONTROL) & 1)) {
        REGISTER(SYSTICK_RELOAD) = reload;
        REGISTER(SYSTICK_VALUE) = 0;
        REGISTER(SYSTICK_CONTROL) = 7; /* the processor's clock, interrupts, on */
    }
    unsigned low, high, value;
    do {
        high = rounds;
        low = milliseconds;
        value = REGISTER(SYSTICK_VALUE);
    } while (low != milliseconds || high != rounds);
    unsigned long long passed = (unsigned long long)high << 32 | low;
    unsigned microseconds = (reload - value) * 1000 / (reload + 1); /* 32 bits: up to 4 GHz */
    return passed * 1000000 + microseconds * 1000;
}

#define TICK tick

#else
#define TICK unexpected
#endif

/* Faults -------------------------------------------------------------------------------------------------------- */

static void write_number(const char *before, word number) {
    static char text[] = "0x00000000";
    for (int i = 9; i > 1; i--, number >>= 4) text[i] = "0123456789ABCDEF"[number & 15];
    last_words(before);
    last_words(text);
}

static const char *fault_name(unsigned status) {
    if (status & (1u << 25)) return "Division by zero";
    if (status & (1u << 24)) return "Unaligned access";
    if (status & (7u << 16)) return "Undefined instruction";
    if (status & 0xFF00) return "No memory or device answers";
    if (status & 0xFF) return "Access is not allowed";
    return "Fault";
}

/* `stack`: where the program's stack pointer was, with the registers that the processor has put there. */
__attribute__((used)) static void on_fault(word stack) {
    unsigned status = REGISTER(FAULT_STATUS);
    word bottom = (word)clef_stack_bottom, address = 0;
    int has_address = 1;
    if (status & 0x8000) address = REGISTER(BUS_FAULT_ADDRESS);
    else if (status & 0x80) address = REGISTER(MEMORY_FAULT_ADDRESS);
    else has_address = 0;
    int is_stacking = (status & (1u << 12 | 1u << 4)) != 0;
    if (is_stacking || stack < bottom || (has_address && bottom - address - 1 < 0x10000)) {
        last_words("Stack overflow.\n");
    } else {
        last_words(fault_name(status));
        if (has_address) write_number(" at address ", address);
        if (stack <= (word)clef_stack_top - 32) write_number(", in the code at ", ((word *)stack)[6]);
        last_words(".\n");
    }
    clef_board_exit(FAILURE_CODE);
}

__attribute__((naked)) static void fault(void) {
    __asm__ volatile("mrs r0, psp\n\t"
                     "b %c0" ::"i"(on_fault));
}

static void unexpected(void) {
    last_words("An interrupt came that the program has no handler for.\n");
    clef_board_exit(FAILURE_CODE);
}

/* The beginning ------------------------------------------------------------------------------------------------- */

static void begin(void);

__attribute__((naked, noreturn)) void clef_reset(void) {
    __asm__ volatile("movw r0, #:lower16:clef_stack_top\n\t"
                     "movt r0, #:upper16:clef_stack_top\n\t"
                     "msr psp, r0\n\t"
                     "movs r0, #2\n\t"
                     "msr control, r0\n\t"
                     "isb\n\t"
                     "mov lr, #-1\n\t"
                     "b %c0" ::"i"(begin));
}

typedef void (*handler)(void);

/* The first words of the flash: the stack for handlers, and where each exception goes. */
__attribute__((section(".vectors"), used)) const handler clef_vectors[16] = {
    (handler)clef_handler_stack_top, clef_reset, unexpected, fault, fault, fault, fault, 0, 0, 0, 0, unexpected,
    unexpected,                      0,          unexpected, TICK,
};
