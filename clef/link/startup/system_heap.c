/* The heap of a program that the address sanitizer watches: every block is one of the C library's, so that the
 * sanitizer knows where each begins and ends and when it was given back.
 */

typedef unsigned long word;

extern void *malloc(word size);
extern void free(void *block);

void *clef_system_allocate(word size) { return malloc(size); }

void clef_system_free(void *block) { free(block); }

/* The program ends without the C library's help, and counts what it leaves itself. */
__attribute__((visibility("default"), used)) const char *__asan_default_options(void) {
    return "detect_leaks=0:exitcode=99:detect_stack_use_after_return=0";
}
