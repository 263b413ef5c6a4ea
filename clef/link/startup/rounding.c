/* Rounding to the nearest whole number, halves to even, which LLVM calls by these names where a machine has no instruction
 * for it. Adding and taking away a number as large as the fraction has no bits leaves what the machine rounds to.
 */

double roundeven(double x) {
    unsigned long long bits;
    __builtin_memcpy(&bits, &x, sizeof bits);
    if ((bits >> 52 & 0x7FF) >= 1023 + 52) return x; /* whole already, infinite, or no number */
    const double large = 0x1p52;
    volatile double sum = __builtin_fabs(x) + large;
    return __builtin_copysign(sum - large, x);
}

float roundevenf(float x) {
    unsigned bits;
    __builtin_memcpy(&bits, &x, sizeof bits);
    if ((bits >> 23 & 0xFF) >= 127 + 23) return x;
    const float large = 0x1p23f;
    volatile float sum = __builtin_fabsf(x) + large;
    return __builtin_copysignf(sum - large, x);
}
