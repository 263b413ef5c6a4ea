/* Structures of all shapes that travel by value: in integer registers, in vector registers, in both, in memory. */
#include <stdint.h>

typedef struct { float x, y; } pair_of_floats;
typedef struct { double a, b; } pair_of_doubles;
typedef struct { int32_t a; float b; } mixed;
typedef struct { double a; int64_t b; } two_kinds;
typedef struct { uint8_t a; int16_t b; int8_t c; } small;
typedef struct { float m[4]; } quad;
typedef struct { double a, b, c; } large;
typedef struct { mixed first; small second; } nested;
typedef struct { void *at; unsigned long size; } view;
typedef struct { int64_t only; } single;
typedef union { float real; int32_t whole; } either;
typedef struct { int kind; either value; } tagged;

pair_of_floats by_swap(pair_of_floats p);
pair_of_doubles by_add(pair_of_doubles p, pair_of_doubles q);
mixed by_mixed(int k, mixed m, float f);
two_kinds by_kinds(two_kinds t);
small by_small(small s);
quad by_quad(quad q, float factor);
large by_large(large l, int times);
nested by_nested(nested n);
view by_view(const char *text, view v);
single by_single(single s);
void by_nothing(large l, double *sum);
double by_many(double a, large l, int b, mixed m, int64_t c, int64_t d, int64_t e, int64_t f, two_kinds t);
tagged by_union(tagged t);
