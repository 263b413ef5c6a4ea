/* Where programs begin on machines without an operating system, and the little that such a machine gives them: a
 * console, memory, time, an end.
 *
 * What differs between processors is in the header of the architecture; what differs between boards comes as macros
 * (BOARD_...) and, where it is about memory, as symbols of the linker script. Each function sits in a section of its
 * own; what a program does not use is not linked.
 */

typedef __SIZE_TYPE__ word;
typedef unsigned char byte;

#define REGISTER(address) (*(volatile unsigned *)(address))

/* Of the linker script: addresses. */
extern byte clef_data_start[], clef_data_end[], clef_data_load[], clef_bss_start[], clef_bss_end[];
extern byte clef_heap_start[], clef_heap_end[], clef_stack_bottom[], clef_stack_top[], clef_handler_stack_top[];

/* Of the program. Writes what it has printed so far; only there if it prints. */
__attribute__((weak)) extern void clef_flush(void);
extern int clef_start(word *initial_stack);

void clef_board_exit(int code);
int clef_board_write(int file, const byte *text, int count);

/* Ends the program from anywhere, with a message on standard error. */
__attribute__((noinline)) static void last_words(const char *message) {
    static byte is_dying;
    if (clef_flush && !is_dying) {
        is_dying = 1;
        clef_flush();
    }
    int length = 0;
    while (message[length]) length++;
    clef_board_write(2, (const byte *)message, length);
}

#define FAILURE_CODE 134

#if defined(__thumb__)
#include "bare_thumb.h"
#elif defined(__riscv)
#include "bare_riscv.h"
#endif

/* The end ------------------------------------------------------------------------------------------------------- */

void clef_board_exit(int code) {
#if defined(BOARD_ENDING_SEMIHOSTING)
    end_of_machine(code);
#endif
    (void)code;
    for (;;) wait_for_interrupt();
}

/* The console --------------------------------------------------------------------------------------------------- */

#if defined(BOARD_UART_DATA)

#if BOARD_UART_BYTES == 1
#define UART(address) (*(volatile byte *)(address))
#else
#define UART(address) REGISTER(address)
#endif

static void open_console(void) {
    BOARD_UART_SETUP
}

int clef_board_write(int file, const byte *text, int count) {
    (void)file;
    for (int i = 0; i < count; i++) {
        while ((UART(BOARD_UART_STATUS) & BOARD_UART_FULL_MASK) == BOARD_UART_FULL_VALUE) {}
        UART(BOARD_UART_DATA) = text[i];
    }
    return count;
}

static int received(void) { return (UART(BOARD_UART_STATUS) & BOARD_UART_EMPTY_MASK) != BOARD_UART_EMPTY_VALUE; }

#define END_OF_TRANSMISSION 4

/* What has come, at least one byte; nothing once the character has come that ends a transmission. */
int clef_board_read(int file, byte *buffer, int count) {
    static byte has_ended;
    (void)file;
    int got = 0;
    while (!has_ended && !received()) {}
    while (got < count && !has_ended && received()) {
        byte next = (byte)UART(BOARD_UART_DATA);
        if (next == END_OF_TRANSMISSION) has_ended = 1;
        else buffer[got++] = next;
    }
    return got;
}

/* Arguments are for those that are started by somebody. */
int clef_board_arguments(byte *buffer, int size) {
    if (size) *buffer = 0;
    return 0;
}

#else

#define SYS_OPEN 0x01
#define SYS_WRITE 0x05
#define SYS_READ 0x06
#define SYS_GET_CMDLINE 0x15

static void open_console(void) {}

/* A handle of the host's stream: `mode` 0 reads, 4 writes, 8 appends, which is standard error. */
static int stream(int file) {
    static int handles[3]; /* one more than the handle; 0: not open */
    static const byte modes[3] = {0, 4, 8};
    if (!handles[file]) {
        word request[3] = {(word) ":tt", modes[file], 3};
        handles[file] = (int)semihost(SYS_OPEN, (word)request) + 1;
    }
    return handles[file] - 1;
}

int clef_board_write(int file, const byte *text, int count) {
    word request[3] = {(word)stream(file), (word)text, (word)count};
    return count - (int)semihost(SYS_WRITE, (word)request);
}

int clef_board_read(int file, byte *buffer, int count) {
    word request[3] = {(word)stream(file), (word)buffer, (word)count};
    int left = (int)semihost(SYS_READ, (word)request);
    return left < 0 || left > count ? 0 : count - left;
}

/* The command line, words separated by blanks, with a zero at its end; gives its length. */
int clef_board_arguments(byte *buffer, int size) {
    word request[2] = {(word)buffer, (word)size};
    if (semihost(SYS_GET_CMDLINE, (word)request)) return 0;
    return (int)request[1];
}

/* Seconds since 1970. */
unsigned clef_board_time(void) { return (unsigned)semihost(0x11, 0); }

#endif

/* Memory -------------------------------------------------------------------------------------------------------- */

/* The next `size` bytes of what the program leaves of the RAM. */
word clef_board_memory(word size) {
    static word used;
    word all = (word)(clef_heap_end - clef_heap_start), whole = (size + 15) & ~(word)15;
    if (whole < size || whole > all - used) {
        last_words("Out of memory.\n");
        clef_board_exit(FAILURE_CODE);
    }
    used += whole;
    return (word)clef_heap_start + used - whole;
}

/* Time ---------------------------------------------------------------------------------------------------------- */

#if defined(BOARD_CLOCK_HZ)

/* Nanoseconds since the first call; never goes back. */
unsigned long long clef_board_clock(void) {
    static unsigned long long last;
    unsigned long long now = timer_nanoseconds();
    if (now > last) last = now;
    return last;
}

void clef_board_sleep(unsigned long long nanoseconds) {
    unsigned long long end = clef_board_clock() + nanoseconds;
    while (clef_board_clock() < end) wait_for_interrupt();
}

#endif

/* The beginning ------------------------------------------------------------------------------------------------- */

static void fill_memory(void) {
    const volatile word *from = (const volatile word *)clef_data_load;
    for (volatile word *to = (volatile word *)clef_data_start; to < (volatile word *)clef_data_end;) *to++ = *from++;
    for (volatile word *to = (volatile word *)clef_bss_start; to < (volatile word *)clef_bss_end;) *to++ = 0;
}

/* On the program's stack, with nothing else ready. */
__attribute__((noreturn, used)) static void begin(void) {
    prepare_processor();
    fill_memory();
    open_console();
    clef_board_exit(clef_start(0));
    __builtin_unreachable();
}
