/* Arithmetic on integers of 128 bits, which LLVM calls by these names where a machine has no instructions for it. */

typedef unsigned long long half;
typedef unsigned __int128 wide;
typedef __int128 wide_signed;

static half high_half(wide x) { return (half)(x >> 64); }
static half low_half(wide x) { return (half)x; }
static wide joined(half high, half low) { return (wide)high << 64 | low; }

#define HALF_BITS 64
#define LEADING_ZEROS __builtin_clzll
#include "wide_division.h"

static wide divide(wide a, wide b, wide *rest) {
    half bh = high_half(b), bl = low_half(b), left;
    if (bh == 0) {
        half high = high_half(a) / bl;
        half low = divide_by_half(high_half(a) % bl, low_half(a), bl, &left);
        *rest = left;
        return joined(high, low);
    }
    if (a < b) return *rest = a, 0;
    /* The quotient has at most 64 bits: subtract the divisor at every place where it fits. */
    int places = __builtin_clzll(bh) - __builtin_clzll(high_half(a));
    half dh = bh, dl = bl, quotient = 0;
    if (places) dh = dh << places | dl >> (64 - places), dl <<= places;
    wide d = joined(dh, dl);
    for (; places >= 0; places--) {
        quotient <<= 1;
        if (a >= d) a -= d, quotient |= 1;
        d >>= 1;
    }
    *rest = a;
    return quotient;
}

static wide size_of(wide_signed x) { return x < 0 ? -(wide)x : (wide)x; }

wide __udivti3(wide a, wide b) {
    wide rest;
    return divide(a, b, &rest);
}

wide __umodti3(wide a, wide b) {
    wide rest;
    divide(a, b, &rest);
    return rest;
}

wide_signed __divti3(wide_signed a, wide_signed b) {
    wide rest, quotient = divide(size_of(a), size_of(b), &rest);
    return (wide_signed)((a < 0) != (b < 0) ? -quotient : quotient);
}

wide_signed __modti3(wide_signed a, wide_signed b) {
    wide rest;
    divide(size_of(a), size_of(b), &rest);
    return (wide_signed)(a < 0 ? -rest : rest);
}

wide __multi3(wide a, wide b) {
    half al = low_half(a), bl = low_half(b), mask = 0xFFFFFFFF;
    half low = (al & mask) * (bl & mask);
    half first = (al >> 32) * (bl & mask) + (low >> 32);
    half second = (al & mask) * (bl >> 32) + (first & mask);
    half high = (al >> 32) * (bl >> 32) + (first >> 32) + (second >> 32);
    high += high_half(a) * bl + al * high_half(b);
    return joined(high, second << 32 | (low & mask));
}

wide __ashlti3(wide a, int count) {
    half high = high_half(a), low = low_half(a);
    if (count >= 64) return joined(low << (count - 64), 0);
    return count ? joined(high << count | low >> (64 - count), low << count) : a;
}

wide __lshrti3(wide a, int count) {
    half high = high_half(a), low = low_half(a);
    if (count >= 64) return high >> (count - 64);
    return count ? joined(high >> count, low >> count | high << (64 - count)) : a;
}

wide_signed __ashrti3(wide_signed a, int count) {
    half high = high_half((wide)a), low = low_half((wide)a);
    half sign = (half)((long long)high >> 63);
    if (count >= 64) return (wide_signed)joined(sign, (half)((long long)high >> (count - 64)));
    return count ? (wide_signed)joined((half)((long long)high >> count), low >> count | high << (64 - count)) : a;
}
