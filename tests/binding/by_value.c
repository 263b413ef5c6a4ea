/* The library of `by_value.h`. */
#include "by_value.h"

pair_of_floats by_swap(pair_of_floats p) { return (pair_of_floats){p.y, p.x}; }
pair_of_doubles by_add(pair_of_doubles p, pair_of_doubles q) { return (pair_of_doubles){p.a + q.a, p.b + q.b}; }
mixed by_mixed(int k, mixed m, float f) { return (mixed){m.a + k, m.b * f}; }
two_kinds by_kinds(two_kinds t) { return (two_kinds){(double)t.b, (int64_t)t.a}; }
small by_small(small s) { return (small){(uint8_t)(s.a + 1), (int16_t)-s.b, (int8_t)-s.c}; }
quad by_quad(quad q, float factor) {
    for (int i = 0; i < 4; i++) q.m[i] *= factor;
    return q;
}
large by_large(large l, int times) { return (large){l.a * times, l.b * times, l.c * times}; }
nested by_nested(nested n) {
    n.first.a += n.second.b;
    n.second.a += 1;
    return n;
}
view by_view(const char *text, view v) {
    v.size += (unsigned long)text[0];
    return v;
}
single by_single(single s) { return (single){s.only * 2}; }
void by_nothing(large l, double *sum) { *sum = l.a + l.b + l.c; }
double by_many(double a, large l, int b, mixed m, int64_t c, int64_t d, int64_t e, int64_t f, two_kinds t) {
    return a + l.a + l.b + l.c + b + m.a + m.b + (double)(c + d + e + f) + t.a + (double)t.b;
}
tagged by_union(tagged t) { return t; }
