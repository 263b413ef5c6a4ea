/* A header with everything that `clef bind` knows, and what it must refuse. */
#ifndef SHAPES_H
#define SHAPES_H

#include <stdint.h>

#if !defined(__clang__)
#define _Nullable
#define _Nonnull
#endif

#define SHAPES_VERSION 3
#define SHAPES_MASK (0xF0u | SHAPES_VERSION << 1)
#define SHAPES_BIG 0x123456789ULL
#define SHAPES_NAME "shapes \"3\""
#define SHAPES_HALF 0.5
#define SHAPES_NEGATIVE (-1)
#define SHAPES_LETTER 'x'
#define SHAPES_CAST ((void *)0)
#define SHAPES_MAX(a, b) ((a) > (b) ? (a) : (b))

enum { SHAPES_ONE = 1, SHAPES_TWO };
typedef enum { COLOR_RED, COLOR_GREEN = 5, COLOR_BLUE } color;

typedef struct point {
    double x, y;
    int8_t tag;
} point;

typedef struct {
    color fill;
    const char *name;
    uint16_t codes[3];
    point corner;
} box;
struct padded {
    point first;
    color second;
};

typedef union {
    double real;
    int32_t whole;
    uint8_t byte;
} number;

struct flags {
    unsigned a : 3, b : 5;
};
struct __attribute__((packed)) tight {
    char c;
    int i;
};
struct big {
    int numbers[100];
};
typedef struct world world;

typedef double (*mapping)(double x, void *context);

double shapes_distance(const point *p, const point *q);
double shapes_apply(mapping f, double x, void *context);
int shapes_each(world *w, int (*visit)(int index, void *context), void *context);
world *shapes_open(const char *name);
void shapes_close(world *w);
const char *shapes_title(const world *w);
void shapes_fill(box *b, color c);
int *_Nullable shapes_find(int *_Nonnull numbers, unsigned long count, int wanted);
void shapes_store(number *n, double value);
point shapes_make(double x, double y);
int shapes_print(const char *format, ...);
long double shapes_long(void);
int shapes_tight(struct tight *t);
extern int shapes_count;
static inline int shapes_inline(int x) { return x + 1; }
_Bool shapes_type(int type, signed char small, unsigned char letter);

#endif
