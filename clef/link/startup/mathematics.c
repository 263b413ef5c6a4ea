/* Mathematical functions for programs without a C library.
 *
 * Every function computes with pairs of doubles (about 105 bits; T. J. Dekker, "A floating-point technique for extending the
 * available precision", 1971; error bounds: Joldes, Muller, Popescu, "Tight and rigorous error bounds for basic building
 * blocks of double-word arithmetic", 2017) and rounds once, so results are nearly always the double closest to the true
 * value, and the same on every machine. The names are ours, so that LLVM does not evaluate calls at compile time with
 * the library of the machine that it runs on. Logarithms and arcs are found by one Newton step in pairs from a rough value.
 */

typedef struct {
    double high, low;
} pair;

#include "mathematics_constants.h"

#define INFINITE __builtin_inf()
#define NOT_A_NUMBER __builtin_nan("")

typedef unsigned long long bits;

static bits bits_of(double x) {
    bits b;
    __builtin_memcpy(&b, &x, 8);
    return b;
}

static double from_bits(bits b) {
    double x;
    __builtin_memcpy(&x, &b, 8);
    return x;
}

static double absolute(double x) { return from_bits(bits_of(x) & ~(1ull << 63)); }
static double with_sign(double x, double sign) {
    return from_bits((bits_of(x) & ~(1ull << 63)) | (bits_of(sign) & (1ull << 63)));
}

/* 2^exponent for a normal result. */
static double power_of_two(int exponent) { return from_bits((bits)(exponent + 1023) << 52); }

/* The exponent of a normal number. */
static int exponent_of(double x) { return (int)(bits_of(x) >> 52 & 0x7FF) - 1023; }

/* The nearest integer of a number below 2^51. */
static double nearest(double x) {
    const double shift = 0x1.8p52;
    return (x + shift) - shift;
}

/* ---- pairs ---- */

static pair quick_sum(double a, double b) { /* |a| >= |b|, or a = 0 */
    double s = a + b;
    return (pair){s, b - (s - a)};
}

static pair sum(double a, double b) {
    double s = a + b, t = s - a;
    return (pair){s, (a - (s - t)) + (b - t)};
}

static pair product(double a, double b) {
    double p = a * b;
#if defined(__FP_FAST_FMA)
    return (pair){p, __builtin_fma(a, b, -p)};
#else
    const double split = 0x1p27 + 1;
    double ta = split * a, tb = split * b;
    double ah = ta - (ta - a), bh = tb - (tb - b);
    double al = a - ah, bl = b - bh;
    return (pair){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
#endif
}

static pair add(pair a, pair b) {
    pair s = sum(a.high, b.high), t = sum(a.low, b.low);
    s = quick_sum(s.high, s.low + t.high);
    return quick_sum(s.high, s.low + t.low);
}

static pair add_number(pair a, double b) {
    pair s = sum(a.high, b);
    return quick_sum(s.high, s.low + a.low);
}

static pair negate(pair a) { return (pair){-a.high, -a.low}; }

static pair times(pair a, pair b) {
    pair p = product(a.high, b.high);
    return quick_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

static pair times_number(pair a, double b) {
    pair p = product(a.high, b);
    return quick_sum(p.high, p.low + a.low * b);
}

static pair scaled(pair a, double power) { return (pair){a.high * power, a.low * power}; }

static pair divided(pair a, pair b) {
    double q = a.high / b.high;
    pair rest = add(a, negate(times_number(b, q)));
    return quick_sum(q, rest.high / b.high);
}

static pair square_root(pair a) {
    if (a.high == 0) return a;
    double root = __builtin_sqrt(a.high);
    pair rest = add(a, negate(product(root, root)));
    return quick_sum(root, rest.high / (2 * root));
}

/* Whether high + low rounds to the same double for every error up to `error` (A. Ziv, 1991); if so that is the result. The
 * quick ways below end in this test, and leave the few hard cases to the pairs. */
static int certain(double high, double low, double error, double *result) {
    *result = high + (low - error);
    return *result == high + (low + error);
}

/* ---- exponentials ---- */

/* (mantissa.high + mantissa.low) * 2^exponent */
typedef struct {
    pair mantissa;
    int exponent;
} scaled_pair;

/* e^r - 1 for |r| <= ln 2 / 128, with small relative error. */
static pair small_exponential(pair r) {
    double x = r.high;
    double rest = x * x * x * (1 / 6.0 + x * (1 / 24.0 + x * (1 / 120.0 + x * (1 / 720.0 + x * (1 / 5040.0)))));
    pair half_square = scaled(times(r, r), 0.5);
    return add(r, add_number(half_square, rest));
}

static scaled_pair table_times(double k, pair r) {
    int index = (int)k;
    pair power = POWERS[index & 63];
    return (scaled_pair){add(power, times(power, small_exponential(r))), index >> 6};
}

/* x - k ln 2 / 64 */
static pair reduced(pair x, double k) {
    pair r = sum(x.high, -k * LN2_64[0]);
    r = add_number(r, -k * LN2_64[1]);
    return add(r, sum(x.low, -k * LN2_64[2]));
}

/* |x| < 800 */
static scaled_pair exponential(pair x) {
    double k = nearest(x.high * (64 * ONE_OVER_LN2.high));
    return table_times(k, reduced(x, k));
}

/* e^x - 1 for |x| < 40, with small relative error. */
static pair exponential_less_one(pair x) {
    double k = nearest(x.high * (64 * ONE_OVER_LN2.high));
    if (k == 0) return small_exponential(x);
    scaled_pair e = exponential(x);
    return add_number(scaled(e.mantissa, power_of_two(e.exponent)), -1);
}

/* The one rounding; results below 2^-1022 are rounded at their own last digit. */
static double rounded(scaled_pair x) {
    int e = x.exponent;
    double high = x.mantissa.high, low = x.mantissa.low;
    if (e > 1023) return high * 0x1p1023 * power_of_two(e - 1023 > 1023 ? 1023 : e - 1023);
    if (e >= -1021 || (e == -1022 && high >= 1)) return high * power_of_two(e);
    if (e < -1080) return high * 0x1p-1022 * 0x1p-1022;
    double shift = power_of_two(52 - 1074 - e);
    pair s = sum(shift, high);
    double result = (s.high + (s.low + low)) - shift;
    return result * 0x1p-1021 * power_of_two(e + 1021);
}

/* e^x for a pair of any size; |x| beyond 800 is as good as infinite. */
static double rounded_exponential(pair x) {
    if (x.high > 800) return INFINITE;
    if (x.high < -800) return 0;
    return rounded(exponential(x));
}

/* e^x for |x| < 700 but for one argument in thirty. */
static int quick_exponential(double x, double *result) {
    double k = nearest(x * (64 * ONE_OVER_LN2.high));
    pair r = sum(x - k * LN2_64[0], -k * LN2_64[1]);
    double y = r.high;
    double rest = y * y * (0.5 + y * (1 / 6.0 + y * (1 / 24.0 + y * (1 / 120.0 + y * (1 / 720.0)))));
    double p = y + (r.low - k * LN2_64[2] + rest);
    pair power = POWERS[(int)k & 63];
    int sure = certain(power.high, power.low + power.high * p, 0x1p-58, result);
    *result *= power_of_two((int)k >> 6);
    return sure;
}

double clef_math_exp(double x) {
    double quick;
    if (x != x) return x;
    if (absolute(x) < 700 && quick_exponential(x, &quick)) return quick;
    return rounded_exponential((pair){x, 0});
}

double clef_math_exp2(double x) {
    if (x != x) return x;
    if (x > 1100) return INFINITE;
    if (x < -1200) return 0;
    double k = nearest(x * 64);
    return rounded(table_times(k, times_number(LN2, x - k / 64)));
}

double clef_math_expm1(double x) {
    if (x != x || absolute(x) < 0x1p-54) return x;
    if (x > 40) return clef_math_exp(x);
    return x < -40 ? -1 : exponential_less_one((pair){x, 0}).high;
}

static pair hyperbolic_exponential(double x) { /* 0 <= x <= 40 */
    scaled_pair e = exponential((pair){x, 0});
    return scaled(e.mantissa, power_of_two(e.exponent));
}

static double half_exponential(double x) {
    if (x > 800) return INFINITE;
    scaled_pair e = exponential((pair){x, 0});
    e.exponent--;
    return rounded(e);
}

double clef_math_sinh(double x) {
    double a = absolute(x);
    if (x != x || a < 0x1p-28) return x;
    if (a > 40) return with_sign(half_exponential(a), x);
    pair p = exponential_less_one((pair){a, 0});
    return with_sign(scaled(add(p, divided(p, add_number(p, 1))), 0.5).high, x);
}

double clef_math_cosh(double x) {
    double a = absolute(x);
    if (x != x) return x;
    if (a > 40) return half_exponential(a);
    pair e = hyperbolic_exponential(a);
    return scaled(add(e, divided((pair){1, 0}, e)), 0.5).high;
}

double clef_math_tanh(double x) {
    double a = absolute(x);
    if (x != x || a < 0x1p-28) return x;
    if (a > 20) return with_sign(1, x);
    pair p = exponential_less_one((pair){2 * a, 0});
    return with_sign(divided(p, add_number(p, 2)).high, x);
}

/* ---- logarithms ---- */

/* ln m for m = 1 + d between 0.7 and 1.5, with small relative error. */
static pair logarithm_near_one(pair d) {
    double z = d.high / (2 + d.high), s = z * z;
    double rough = 2 * z * (1 + s * (1 / 3.0 + s * (0.2 + s * (1 / 7.0 + s * (1 / 9.0 + s * (1 / 11.0))))));
    pair p = exponential_less_one((pair){-rough, 0});
    pair step = add(d, add(p, times(d, p))); /* m / e^rough - 1 */
    return add_number(add_number(step, -0.5 * step.high * step.high), rough);
}

/* A positive number as m * 2^exponent, with m between sqrt 1/2 and sqrt 2. */
static scaled_pair split(pair x) {
    int shift = x.high < 0x1p-1000 ? 64 : 0;
    if (shift) x = scaled(x, 0x1p64);
    int exponent = exponent_of(x.high * 0x1.6a09e667f3bcdp-1) + 1; /* compare with sqrt 1/2 */
    int first = exponent / 2;
    pair m = scaled(scaled(x, power_of_two(-first)), power_of_two(first - exponent));
    return (scaled_pair){m, exponent - shift};
}

static pair plus_exponent(pair logarithm, int exponent) {
    if (exponent == 0) return logarithm;
    pair part = add(logarithm, times_number(LN2_REST, exponent));
    return add(sum(exponent * LN2_EXACT, part.high), (pair){part.low, 0});
}

static pair logarithm(pair x) {
    scaled_pair s = split(x);
    return plus_exponent(logarithm_near_one(add_number(s.mantissa, -1)), s.exponent);
}

/* ln (1 + d) for d > -1, with small relative error. */
static pair logarithm_of_one_plus(pair d) {
    return d.high > -0.29 && d.high < 0.41 ? logarithm_near_one(d) : logarithm(add_number(d, 1));
}

/* Whether a logarithm of x is one of the special cases, which `*result` then holds. */
static int special_logarithm(double x, double *result) {
    if (x > 0 && x < INFINITE) return 0;
    *result = x == 0 ? -INFINITE : x < 0 ? NOT_A_NUMBER : x;
    return 1;
}

/* ln x, but for one argument in ten, as 2 artanh z + exponent ln 2 with z = (m - 1) / (m + 1). */
static int quick_logarithm(double x, double *result) {
    scaled_pair s = split((pair){x, 0});
    double d = s.mantissa.high - 1, z = d / (2 + d);
    pair zd = product(z, d);
    double rest = (((d - 2 * z) - zd.high) - zd.low) / (2 + d); /* what z lacks */
    double q = z * z, q2 = q * q, q4 = q2 * q2;
    double series = (1 / 3.0 + q * (1 / 5.0)) + q2 * (1 / 7.0 + q * (1 / 9.0)) +
                    q4 * ((1 / 11.0 + q * (1 / 13.0)) + q2 * (1 / 15.0 + q * (1 / 17.0))) +
                    q4 * q4 * (1 / 19.0 + q * (1 / 21.0 + q * (1 / 23.0)));
    double tail = 2 * (rest + z * q * series) + s.exponent * LN2_REST.high;
    pair high = sum(s.exponent * LN2_EXACT, 2 * z);
    return certain(high.high, high.low + tail, absolute(high.high) * 0x1p-57, result);
}

double clef_math_log(double x) {
    double special;
    if (special_logarithm(x, &special) || quick_logarithm(x, &special)) return special;
    return logarithm((pair){x, 0}).high;
}

double clef_math_log2(double x) {
    double special;
    if (special_logarithm(x, &special)) return special;
    scaled_pair s = split((pair){x, 0});
    pair fraction = times(logarithm_near_one(add_number(s.mantissa, -1)), ONE_OVER_LN2);
    return add_number(fraction, s.exponent).high;
}

double clef_math_log10(double x) {
    double special;
    return special_logarithm(x, &special) ? special : times(logarithm((pair){x, 0}), ONE_OVER_LN10).high;
}

double clef_math_log1p(double x) {
    if (x != x || x == INFINITE || absolute(x) < 0x1p-54) return x;
    if (x <= -1) return x == -1 ? -INFINITE : NOT_A_NUMBER;
    return logarithm_of_one_plus((pair){x, 0}).high;
}

double clef_math_asinh(double x) {
    double a = absolute(x);
    if (x != x || a == INFINITE || a < 0x1p-28) return x;
    if (a > 0x1p28) return with_sign(add(logarithm((pair){a, 0}), LN2).high, x);
    pair square = product(a, a);
    pair root = square_root(add_number(square, 1));
    pair d = add_number(divided(square, add_number(root, 1)), a);
    return with_sign(logarithm_of_one_plus(d).high, x);
}

double clef_math_acosh(double x) {
    if (x != x || x == INFINITE) return x;
    if (x < 1) return NOT_A_NUMBER;
    if (x > 0x1p28) return add(logarithm((pair){x, 0}), LN2).high;
    pair root = square_root(times(sum(x, -1), sum(x, 1)));
    return logarithm_of_one_plus(add(sum(x, -1), root)).high;
}

double clef_math_atanh(double x) {
    double a = absolute(x);
    if (x != x || a < 0x1p-28) return x;
    if (a >= 1) return a == 1 ? with_sign(INFINITE, x) : NOT_A_NUMBER;
    pair d = divided((pair){2 * a, 0}, sum(1, -a));
    return with_sign(0.5 * logarithm_of_one_plus(d).high, x);
}

/* ---- powers and roots ---- */

/* 0: not an integer, 1: odd, 2: even */
static int integer_kind(double y) {
    double a = absolute(y);
    if (a >= 0x1p53) return 2;
    if (a < 1) return a == 0 ? 2 : 0;
    int fraction_bits = 52 - exponent_of(a);
    bits b = bits_of(a);
    if (fraction_bits > 0 && b & ((1ull << fraction_bits) - 1)) return 0;
    bits unit = fraction_bits == 52 ? 1 : b >> fraction_bits & 1;
    return unit ? 1 : 2;
}

/* x^y for a small whole y where the result is a whole number below 2^63 times a power of two: such results may lie
 * just between two doubles. `x` is positive and normal. */
static int exact_power(double x, double y, double *result) {
    if (!(y >= 2 && y <= 40) || integer_kind(y) == 0 || x < 0x1p-1000) return 0;
    bits odd = (bits_of(x) & ((1ull << 52) - 1)) | 1ull << 52;
    int exponent = exponent_of(x) - 52, twos = __builtin_ctzll(odd);
    odd >>= twos;
    bits power = 1;
    for (int i = 0; i < (int)y; i++)
        if (odd >> 32 || power > 0x7FFFFFFFFFFFFFFFull / odd) return 0;
        else power *= odd;
    double high = (double)power;
    double low = high >= 0x1p63 ? 0 : (double)(long long)(power - (bits)high);
    *result = rounded((scaled_pair){{high, low}, (exponent + twos) * (int)y});
    return 1;
}

double clef_math_pow(double x, double y) {
    if (y == 0 || x == 1) return 1;
    if (x != x || y != y) return x + y;
    double a = absolute(x);
    int kind = integer_kind(y);
    double sign = x < 0 && kind == 1 ? -1 : 1;
    if (absolute(y) == INFINITE) return a == 1 ? 1 : (a > 1) == (y > 0) ? INFINITE : 0;
    if (a == 0 || a == INFINITE) {
        double size = (a == 0) == (y > 0) ? 0 : INFINITE;
        return kind == 1 ? with_sign(size, x) : size;
    }
    if (x < 0 && kind == 0) return NOT_A_NUMBER;
    double exact;
    if (a == 1) return sign;
    if (exact_power(a, y, &exact)) return sign * exact;
    pair exponent = logarithm((pair){a, 0});
    /* Beyond these bounds the result is infinite, zero or one, and the product might overflow. */
    if (absolute(y) > 0x1p100) return (exponent.high > 0) == (y > 0) ? sign * INFINITE : 0;
    return sign * rounded_exponential(times_number(exponent, y));
}

double clef_math_cbrt(double x) {
    double a = absolute(x);
    if (x != x || a == INFINITE || a == 0) return x;
    int shift = a < 0x1p-1000 ? 21 : 0;
    if (shift) a *= 0x1p63;
    int third = (exponent_of(a) + 1023) / 3 - 341;
    double m = a * power_of_two(-third) * power_of_two(-2 * third); /* between 1 and 8 */
    double root = clef_math_exp(logarithm((pair){m, 0}).high / 3);
    pair cube = times_number(product(root, root), root);
    double step = add_number(cube, -m).high / (3 * root * root);
    return with_sign(quick_sum(root, -step).high * power_of_two(third - shift), x);
}

double clef_math_hypot(double x, double y) {
    double a = absolute(x), b = absolute(y);
    if (a == INFINITE || b == INFINITE) return INFINITE;
    if (x != x || y != y) return x + y;
    double large = a > b ? a : b, small = a > b ? b : a;
    if (large == 0 || small == 0) return large;
    double up = large > 0x1p500 ? 0x1p-600 : small < 0x1p-450 ? 0x1p600 : 1;
    if (large * 0x1p-60 > small) return large + small;
    large *= up, small *= up;
    pair root = square_root(add(product(large, large), product(small, small)));
    return root.high * (up == 1 ? 1 : 1 / up);
}

/* ---- circular functions ---- */

/* sin r for |r| <= pi / 4, with small relative error. */
static pair small_sine(pair r) {
    pair z = times(r, r);
    double s = SINE_REST[6];
    for (int i = 5; i >= 0; i--) s = s * z.high + SINE_REST[i];
    pair t = add(SINE[2], times_number(z, s));
    t = add(SINE[1], times(z, t));
    t = add(SINE[0], times(z, t));
    return add(r, times(times(r, z), t));
}

static pair small_cosine(pair r) {
    pair z = times(r, r);
    double s = COSINE_REST[6];
    for (int i = 5; i >= 0; i--) s = s * z.high + COSINE_REST[i];
    pair t = add(COSINE[2], times_number(z, s));
    t = add(COSINE[1], times(z, t));
    t = add(COSINE[0], times(z, t));
    return add_number(add(scaled(z, -0.5), times(times(z, z), t)), 1);
}

/* x = quarters * pi / 2 + rest, quarters modulo 4 */
typedef struct {
    pair rest;
    int quarters;
} angle;

/* The 32 bits of a number of ten words, the least first, that begin at a position. */
static unsigned int word_at(const unsigned int *words, int position) {
    int index = position >> 5, shift = position & 31;
    bits low = index >= 0 && index < 10 ? words[index] : 0;
    bits high = index >= -1 && index < 9 ? words[index + 1] : 0;
    return (unsigned int)((high << 32 | low) >> shift);
}

/* For |x| >= 2^20: x * 2 / pi modulo 4, from as many digits of 2 / pi as matter (M. Payne, R. Hanek, 1983). */
static angle reduced_large(double x) {
    bits mantissa = (bits_of(x) & ((1ull << 52) - 1)) | 1ull << 52;
    int exponent = exponent_of(absolute(x)) - 52;         /* |x| = mantissa * 2^exponent */
    int first = exponent >= 2 ? (exponent - 2) / 32 : 0; /* words before it contribute multiples of 4 */
    unsigned int words[10] = {0};
    for (int part = 0; part < 2; part++) {
        bits carry = 0, factor = part ? mantissa >> 32 : mantissa & 0xFFFFFFFF;
        for (int i = 0; i < 8; i++) {
            carry += words[i + part] + factor * TWO_OVER_PI[first + 7 - i];
            words[i + part] = (unsigned int)carry;
            carry >>= 32;
        }
        words[8 + part] = (unsigned int)carry;
    }
    int point = 32 * (first + 8) - exponent; /* so many bits are the fraction */
    int quarters = (int)word_at(words, point) & 3;
    unsigned int up = word_at(words, point - 32) >> 31 ? 0xFFFFFFFF : 0; /* then the fraction less one */
    pair fraction = {0, 0};
    for (int i = 1; i <= 6; i++)
        fraction = add_number(fraction, (word_at(words, point - 32 * i) ^ up) * power_of_two(-32 * i));
    pair rest = times(up ? negate(fraction) : fraction, HALF_PI);
    quarters += up & 1;
    return x < 0 ? (angle){negate(rest), -quarters & 3} : (angle){rest, quarters & 3};
}

static angle reduced_angle(double x) {
    if (absolute(x) <= 0x1.921fb54442d18p-1) return (angle){{x, 0}, 0};
    if (absolute(x) >= 0x1p20) return reduced_large(x);
    double n = nearest(x * 0x1.45f306dc9c883p-1);
    pair r = sum(x - n * HALF_PI_PARTS[0], -n * HALF_PI_PARTS[1]);
    r = add(r, sum(-n * HALF_PI_PARTS[2], -n * HALF_PI_PARTS[3]));
    return (angle){r, (int)n & 3};
}

/* The sine (or cosine, with quarters = 1) of x below 2^20, but for one argument in thirty. */
static int quick_sine(double x, int quarters, double *result) {
    double n = nearest(x * 0x1.45f306dc9c883p-1);
    pair r = sum(x - n * HALF_PI_PARTS[0], -n * HALF_PI_PARTS[1]);
    r = quick_sum(r.high, r.low - n * HALF_PI_PARTS[2]);
    if (absolute(r.high) < 0x1p-20) return 0;
    pair z = product(r.high, r.high);
    double y = z.high, slope = r.high * r.low;
    z.low += 2 * slope;
    quarters += (int)n;
    pair value;
    if (quarters & 1) {
        double tail = COSINE_REST[0] + y * (COSINE_REST[1] + y * (COSINE_REST[2] + y * COSINE_REST[3]));
        tail = y * y * y * (COSINE[1].high + y * (COSINE[2].high + y * tail));
        pair fourth = times_number(product(y, y), COSINE[0].high);
        value = add(sum(1, -0.5 * y), fourth);
        value.low += y * y * COSINE[0].low + z.low * (y * (1 / 12.0) - 0.5) + tail;
    } else {
        pair factor = product(r.high, SINE[0].high), cube = times_number(z, factor.high);
        double tail = SINE_REST[0] + y * (SINE_REST[1] + y * (SINE_REST[2] + y * (SINE_REST[3] + y * SINE_REST[4])));
        tail = y * y * r.high * (SINE[1].high + y * (SINE[2].high + y * tail));
        value = sum(r.high, cube.high);
        value.low += r.low * (1 - y * (1 / 6.0 - y * (1 / 24.0))) + (cube.low + (factor.low + r.high * SINE[0].low) * y + tail);
    }
    int sure = certain(value.high, value.low, absolute(value.high) * 0x1p-58, result);
    if (quarters & 2) *result = -*result;
    return sure;
}

double clef_math_sin(double x) {
    double quick;
    if (absolute(x) < 0x1p-28) return x;
    if (absolute(x) < 0x1p20 && quick_sine(x, 0, &quick)) return quick;
    if (!(absolute(x) < INFINITE)) return NOT_A_NUMBER;
    angle a = reduced_angle(x);
    pair value = a.quarters & 1 ? small_cosine(a.rest) : small_sine(a.rest);
    return a.quarters & 2 ? -value.high : value.high;
}

double clef_math_cos(double x) {
    double quick;
    if (absolute(x) < 0x1p20 && quick_sine(x, 1, &quick)) return quick;
    if (!(absolute(x) < INFINITE)) return NOT_A_NUMBER;
    angle a = reduced_angle(x);
    pair value = a.quarters & 1 ? small_sine(a.rest) : small_cosine(a.rest);
    return (a.quarters + 1) & 2 ? -value.high : value.high;
}

double clef_math_tan(double x) {
    if (absolute(x) < 0x1p-28) return x;
    if (!(absolute(x) < INFINITE)) return NOT_A_NUMBER;
    angle a = reduced_angle(x);
    pair sine = small_sine(a.rest), cosine = small_cosine(a.rest);
    return a.quarters & 1 ? -divided(cosine, sine).high : divided(sine, cosine).high;
}

/* The angle of (x, y) with 0 <= y <= x, 1 <= x < 2. */
static pair octant_angle(pair y, pair x) {
    double t = y.high / x.high, z = t * t;
    double rough = ROUGH_ARC_TANGENT[10];
    for (int i = 9; i >= 0; i--) rough = rough * z + ROUGH_ARC_TANGENT[i];
    rough *= t;
    pair sine = small_sine((pair){rough, 0}), cosine = small_cosine((pair){rough, 0});
    pair across = add(times(y, cosine), negate(times(x, sine)));
    double along = x.high * cosine.high + y.high * sine.high;
    return add_number((pair){across.high / along, 0}, rough);
}

/* The angle of (x, y) with y >= 0, between 0 and pi. */
static pair half_turn_angle(pair y, pair x) {
    pair width = x.high < 0 ? negate(x) : x;
    int steep = y.high > width.high;
    pair large = steep ? y : width, small = steep ? width : y;
    int exponent = exponent_of(large.high);
    double up = power_of_two(exponent > 1000 ? -1000 : exponent < -1000 ? 1000 : -exponent);
    pair a = octant_angle(scaled(small, up), scaled(large, up));
    if (steep) return add(HALF_PI, x.high < 0 ? a : negate(a));
    return x.high < 0 ? add(PI, negate(a)) : a;
}

double clef_math_atan2(double y, double x) {
    if (x != x || y != y) return x + y;
    double a = absolute(y), w = absolute(x);
    if (a == INFINITE && w == INFINITE) return with_sign(x > 0 ? HALF_PI.high / 2 : PI.high * 0.75, y);
    int left = bits_of(x) >> 63;
    if (a == 0 || w == INFINITE) return with_sign(left ? PI.high : 0, y);
    if (w == 0 || a == INFINITE) return with_sign(HALF_PI.high, y);
    int difference = exponent_of(a) - exponent_of(w);
    if (difference > 120) return with_sign(HALF_PI.high, y);
    if (difference < -120) return with_sign(left ? PI.high : a / w, y);
    if (a < 0x1p-900 || w < 0x1p-900) a *= 0x1p200, x *= 0x1p200;
    return with_sign(half_turn_angle((pair){a, 0}, (pair){x, 0}).high, y);
}

double clef_math_atan(double x) {
    double a = absolute(x);
    if (x != x || a < 0x1p-28) return x;
    if (a > 0x1p60) return with_sign(HALF_PI.high, x);
    return with_sign(half_turn_angle((pair){a, 0}, (pair){1, 0}).high, x);
}

/* sqrt (1 - x^2) */
static pair other_leg(double x) {
    pair square = product(x, x);
    return square_root(add(sum(1, -square.high), (pair){-square.low, 0}));
}

double clef_math_asin(double x) {
    double a = absolute(x);
    if (x != x || a < 0x1p-28) return x;
    if (a > 1) return NOT_A_NUMBER;
    return with_sign(half_turn_angle((pair){a, 0}, other_leg(a)).high, x);
}

double clef_math_acos(double x) {
    if (x != x) return x;
    if (absolute(x) > 1) return NOT_A_NUMBER;
    if (absolute(x) < 0x1p-60) return HALF_PI.high;
    if (absolute(x) == 1) return x > 0 ? 0 : PI.high;
    return half_turn_angle(other_leg(x), (pair){x, 0}).high;
}

/* ---- remainders ---- */

/* The remainder of a division towards zero, exactly: LLVM calls these for the operator. */
double fmod(double x, double y) {
    double a = absolute(x), b = absolute(y);
    if (x != x || y != y || a == INFINITE || b == 0) return NOT_A_NUMBER;
    if (a < b) return x;
    bits divisor = bits_of(b), rest = bits_of(a);
    int divisor_exponent = (int)(divisor >> 52), exponent = (int)(rest >> 52);
    const bits hidden = 1ull << 52;
    divisor = divisor_exponent ? (divisor & (hidden - 1)) | hidden : divisor;
    rest = exponent ? (rest & (hidden - 1)) | hidden : rest;
    int steps = (exponent ? exponent : 1) - (divisor_exponent ? divisor_exponent : 1);
    for (rest %= divisor; steps > 0 && rest; steps -= 11) {
        int digits = steps < 11 ? steps : 11;
        rest = (rest << digits) % divisor;
    }
    if (rest == 0) return with_sign(0, x);
    int result_exponent = divisor_exponent ? divisor_exponent : 1;
    while (rest < hidden && result_exponent > 1) rest <<= 1, result_exponent--;
    bits result = rest < hidden ? rest : (rest & (hidden - 1)) | (bits)result_exponent << 52;
    return with_sign(from_bits(result), x);
}

float fmodf(float x, float y) { return (float)fmod(x, y); }
