/* The library whose header is bound. */
#include "shapes.h"
#include <math.h>
#include <stdlib.h>

struct world {
    const char *title;
};

double shapes_distance(const point *p, const point *q) { return sqrt((p->x - q->x) * (p->x - q->x) + (p->y - q->y) * (p->y - q->y)); }
double shapes_apply(mapping f, double x, void *context) { return f(f(x, context), context); }
int shapes_each(world *w, int (*visit)(int, void *), void *context) {
    int total = 0;
    for (int i = 0; w && i < 4; i++) total += visit(i, context);
    return total;
}
world *shapes_open(const char *name) {
    world *made = malloc(sizeof *made);
    made->title = name[0] ? "a world" : "no world";
    return made;
}
void shapes_close(world *w) { free(w); }
const char *shapes_title(const world *w) { return w->title; }
void shapes_fill(box *b, color c) {
    b->fill = c;
    b->codes[2] = 77;
    b->corner.tag = -3;
}
int *shapes_find(int *numbers, unsigned long count, int wanted) {
    for (unsigned long i = 0; i < count; i++)
        if (numbers[i] == wanted) return numbers + i;
    return 0;
}
void shapes_store(number *n, double value) { n->real = value; }
_Bool shapes_type(int type, signed char small, unsigned char letter) { return type < 0 && small < 0 && letter > 200; }
