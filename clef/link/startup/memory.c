/* The four functions that LLVM expects of every platform, and `strlen` and `bcmp`, which it likes to form.
 *
 * Small blocks are moved by loads that overlap, all of them before the first store, so that `memmove` costs no more than
 * `memcpy` and both are one function. Each function sits in a section of its own; what is not called is not linked.
 */

typedef __SIZE_TYPE__ size;
typedef unsigned char byte;

#if defined(__riscv) || defined(__arm__)
#define ALIGNED_WORDS 1 /* unaligned access may trap, and there are no vectors */
#endif

#if !defined(ALIGNED_WORDS)

typedef unsigned short __attribute__((aligned(1), may_alias)) two;
typedef unsigned int __attribute__((aligned(1), may_alias)) four;
typedef unsigned long long __attribute__((aligned(1), may_alias)) eight;
typedef byte __attribute__((vector_size(16), aligned(1), may_alias)) sixteen;

static void move_small(byte *to, const byte *from, size count) {
    if (count >= 8) {
        eight first = *(const eight *)from, last = *(const eight *)(from + count - 8);
        *(eight *)to = first;
        *(eight *)(to + count - 8) = last;
    } else if (count >= 4) {
        four first = *(const four *)from, last = *(const four *)(from + count - 4);
        *(four *)to = first;
        *(four *)(to + count - 4) = last;
    } else if (count >= 2) {
        two first = *(const two *)from, last = *(const two *)(from + count - 2);
        *(two *)to = first;
        *(two *)(to + count - 2) = last;
    } else if (count) {
        *to = *from;
    }
}

#define AT(base, offset) (*(sixteen *)((base) + (offset)))
#define FROM(base, offset) (*(const sixteen *)((base) + (offset)))

static void move_forward(byte *to, const byte *from, size count) {
    sixteen last0 = FROM(from, count - 32), last1 = FROM(from, count - 16);
    byte *end = to + count;
    for (; count > 32; count -= 32, to += 32, from += 32) {
        sixteen a = FROM(from, 0), b = FROM(from, 16);
        AT(to, 0) = a;
        AT(to, 16) = b;
    }
    AT(end, -32) = last0;
    AT(end, -16) = last1;
}

static void move_backward(byte *to, const byte *from, size count) {
    sixteen first0 = FROM(from, 0), first1 = FROM(from, 16);
    for (; count > 32; count -= 32) {
        sixteen a = FROM(from, count - 32), b = FROM(from, count - 16);
        AT(to, count - 32) = a;
        AT(to, count - 16) = b;
    }
    AT(to, 0) = first0;
    AT(to, 16) = first1;
}

void *memmove(void *target, const void *source, size count) {
    byte *to = target;
    const byte *from = source;
    if (count <= 16) {
        move_small(to, from, count);
    } else if (count <= 32) {
        sixteen first = FROM(from, 0), last = FROM(from, count - 16);
        AT(to, 0) = first;
        AT(to, count - 16) = last;
    } else if ((size)(to - from) >= count) {
#if defined(__x86_64__)
        if (count >= 4096 && (size)(from - to) >= count) {
            __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count)::"memory");
            return target;
        }
#endif
        move_forward(to, from, count);
    } else {
        move_backward(to, from, count);
    }
    return target;
}

void *memset(void *target, int value, size count) {
    byte *to = target;
    if (count < 16) {
        eight wide = (byte)value * 0x0101010101010101ull;
        if (count >= 8) {
            *(eight *)to = *(eight *)(to + count - 8) = wide;
        } else if (count >= 4) {
            *(four *)to = *(four *)(to + count - 4) = (unsigned int)wide;
        } else if (count >= 2) {
            *(two *)to = *(two *)(to + count - 2) = (unsigned short)wide;
        } else if (count) {
            *to = (byte)value;
        }
        return target;
    }
    byte b = (byte)value;
    sixteen all = {b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b};
    AT(to, count - 16) = all;
    for (; count > 16; count -= 16, to += 16) AT(to, 0) = all;
    return target;
}

static size equal_prefix(const byte *a, const byte *b, size count) {
    size done = 0;
    while (done + 8 <= count && *(const eight *)(a + done) == *(const eight *)(b + done)) done += 8;
    return done;
}

#else

typedef unsigned long __attribute__((may_alias)) natural;
#define WIDTH sizeof(natural)

void *memmove(void *target, const void *source, size count) {
    byte *to = target;
    const byte *from = source;
    int together = (((size)to ^ (size)from) & (WIDTH - 1)) == 0;
    if ((size)(to - from) >= count) {
        if (together && count >= 2 * WIDTH) {
            for (; (size)to & (WIDTH - 1); count--) *to++ = *from++;
            for (; count >= WIDTH; count -= WIDTH, to += WIDTH, from += WIDTH) *(natural *)to = *(const natural *)from;
        }
        for (; count; count--) *to++ = *from++;
    } else {
        if (together && count >= 2 * WIDTH) {
            for (; (size)(to + count) & (WIDTH - 1); count--) to[count - 1] = from[count - 1];
            for (; count >= WIDTH; count -= WIDTH)
                *(natural *)(to + count - WIDTH) = *(const natural *)(from + count - WIDTH);
        }
        for (; count; count--) to[count - 1] = from[count - 1];
    }
    return target;
}

void *memset(void *target, int value, size count) {
    byte *to = target;
    for (; count && (size)to & (WIDTH - 1); count--) *to++ = (byte)value;
    natural wide = (byte)value * 0x0101010101010101ul;
    for (; count >= WIDTH; count -= WIDTH, to += WIDTH) *(natural *)to = wide;
    for (; count; count--) *to++ = (byte)value;
    return target;
}

static size equal_prefix(const byte *a, const byte *b, size count) {
    size done = 0;
    if (((size)a | (size)b) & (WIDTH - 1)) return 0;
    while (done + WIDTH <= count && *(const natural *)(a + done) == *(const natural *)(b + done)) done += WIDTH;
    return done;
}

#endif

void *memcpy(void *target, const void *source, size count) { return memmove(target, source, count); }

int memcmp(const void *left, const void *right, size count) {
    const byte *a = left, *b = right;
    for (size index = equal_prefix(a, b, count); index < count; index++)
        if (a[index] != b[index]) return a[index] - b[index];
    return 0;
}

int bcmp(const void *left, const void *right, size count) { return memcmp(left, right, count); }

size strlen(const char *text) {
    size length = 0;
    while (text[length]) length++;
    return length;
}

#if defined(__arm__)

/* ARM's names for the same (Run-time ABI for the ARM Architecture, 4.3.4); numbers say how the blocks are aligned. */
#define SAME(name, function) __attribute__((alias(#function))) void name(void *, const void *, size);
SAME(__aeabi_memcpy, memcpy)
SAME(__aeabi_memcpy4, memcpy)
SAME(__aeabi_memcpy8, memcpy)
SAME(__aeabi_memmove, memmove)
SAME(__aeabi_memmove4, memmove)
SAME(__aeabi_memmove8, memmove)

void __aeabi_memset(void *target, size count, int value) { memset(target, value, count); }
void __aeabi_memclr(void *target, size count) { memset(target, 0, count); }

#define SAME_FILL(name, function, ...) __attribute__((alias(#function))) void name(void *, size, ##__VA_ARGS__);
SAME_FILL(__aeabi_memset4, __aeabi_memset, int)
SAME_FILL(__aeabi_memset8, __aeabi_memset, int)
SAME_FILL(__aeabi_memclr4, __aeabi_memclr)
SAME_FILL(__aeabi_memclr8, __aeabi_memclr)

#endif
