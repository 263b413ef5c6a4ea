/* Division of integers of 64 bits, which LLVM calls by these names on ARM (Run-time ABI for the ARM Architecture, 4.2):
 * the quotient goes back in r0 and r1, the rest in r2 and r3.
 */

typedef unsigned long long wide;
typedef long long wide_signed;
typedef unsigned int half;

#define HALF_BITS 32
#define LEADING_ZEROS __builtin_clz
#include "wide_division.h"

static wide divide(wide a, wide b, wide *rest) {
    half ah = (half)(a >> 32), al = (half)a, bh = (half)(b >> 32), bl = (half)b;
    if (bh == 0) {
        half left;
        half high = ah / bl, low = divide_by_half(ah % bl, al, bl, &left);
        *rest = left;
        return (wide)high << 32 | low;
    }
    if (a < b) return *rest = a, 0;
    /* The quotient has at most 32 bits: subtract the divisor at every place where it fits. */
    int places = __builtin_clz(bh) - __builtin_clz(ah);
    half quotient = 0;
    for (b <<= places; places >= 0; places--, b >>= 1) {
        quotient <<= 1;
        if (a >= b) a -= b, quotient |= 1;
    }
    *rest = a;
    return quotient;
}

__attribute__((used)) static wide divide_unsigned(wide a, wide b, wide *rest) { return divide(a, b, rest); }

__attribute__((used)) static wide divide_signed(wide_signed a, wide_signed b, wide *rest) {
    wide quotient = divide(a < 0 ? -(wide)a : (wide)a, b < 0 ? -(wide)b : (wide)b, rest);
    if (a < 0) *rest = -*rest;
    return (a < 0) != (b < 0) ? -quotient : quotient;
}

/* The operands stay where they are; the third, an address for the rest, goes onto the stack. */
#define BOTH(name, function)                        \
    __attribute__((naked)) void name(void) {        \
        __asm__ volatile("push {r4, lr}\n\t"        \
                         "sub sp, #16\n\t"          \
                         "add r4, sp, #8\n\t"       \
                         "str r4, [sp]\n\t"         \
                         "bl %c0\n\t"               \
                         "ldrd r2, r3, [sp, #8]\n\t" \
                         "add sp, #16\n\t"          \
                         "pop {r4, pc}" ::"i"(function)); \
    }

BOTH(__aeabi_uldivmod, divide_unsigned)
BOTH(__aeabi_ldivmod, divide_signed)
