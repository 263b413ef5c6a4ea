/* Division by one half of a wide integer: a wide integer has two halves, of HALF_BITS bits each, of the unsigned type `half`, and
 * LEADING_ZEROS counts those of a half.
 */

#define QUARTER (HALF_BITS / 2)

/* (high * 2^HALF_BITS + low) / divisor for high < divisor (D. Knuth, The Art of Computer Programming, 4.3.1, algorithm D). */
static half divide_by_half(half high, half low, half divisor, half *rest) {
    int shift = LEADING_ZEROS(divisor);
    divisor <<= shift;
    if (shift) high = high << shift | low >> (HALF_BITS - shift);
    low <<= shift;
    const half base = (half)1 << QUARTER;
    half upper = divisor >> QUARTER, lower = divisor & (base - 1), quotient = 0;
    for (int step = 0; step < 2; step++) {
        half digit = high / upper, left = high % upper;
        half next = step ? low & (base - 1) : low >> QUARTER;
        while (digit >= base || digit * lower > (left << QUARTER | next)) {
            digit--, left += upper;
            if (left >= base) break;
        }
        high = (high << QUARTER | next) - digit * divisor;
        quotient = quotient << QUARTER | digit;
    }
    *rest = high >> shift;
    return quotient;
}
