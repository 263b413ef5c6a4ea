/* Calls every function of geo.clef, in every way that its header allows. */
#include "geo.h"
#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#ifndef ROUNDS
#define ROUNDS 10000
#endif

int64_t geo_live_cells(void); int64_t geo_held_results(void);
static double square(double x, void *context) { ++*(int *)context; return x * x; }
static double reenter(double x, void *context) { return geo_area(x) ; }
static double recurse_fail(double x, void *context) { geo_fail("inner", -1); return x; }
static int negated(int x) { return -x; }
static void *worker(void *argument) {
    for (int i = 0; i < ROUNDS; i++) {
        geo_next();
        if (i % 100 == 0) { assert(geo_fail("t", -1) == 0); assert(strcmp(geo_last_error(), "bad t") == 0); }
        geo_text t = geo_greet("thread", -1); assert(t.length == 14 && !strcmp(t.data, "Hello, thread!")); geo_release(t.data);
        assert(!geo_last_error());
    }
    return 0;
}
int main(void) {
    assert(fabs(geo_area(2.0) - 12.566370614359172) < 1e-12);
    assert(geo_add(-3, 1ll << 40) == (1ll << 40) - 3);
    assert(geo_next() == 1 && geo_next() == 2);
    geo_text t = geo_greet("W\xc3\xb6rld", -1);
    assert(!strcmp(t.data, "Hello, W\xc3\xb6rld!") && t.length == 14);
    assert(geo_release(t.data)); assert(!geo_release(t.data)); assert(geo_release(0));
    t = geo_greet("a\0b", 3); assert(t.length == 11 && !memcmp(t.data, "Hello, a\0b!", 12)); geo_release(t.data);
    t = geo_greet("\xff", 1); assert(!t.data && geo_last_error()); puts(geo_last_error_type()); assert(!*geo_last_error_place());
    geo_array_int32 a = geo_squares(10); assert(a.length == 10 && a.data[9] == 81); geo_release(a.data);
    a = geo_squares(0); assert(!a.data && a.length == 0);
    double xs[] = {1, 2, 3};
    assert(geo_total(xs, 3) == 6); assert(geo_total(0, 0) == 0); assert(geo_total(0, 1) == 0 && geo_last_error());
    assert(geo_total(xs, -1) == 0 && geo_last_error());
    geo_scale(xs, 3, 2.0); assert(xs[2] == 6);
    geo_Point p = {1, 2, 3}, q = {3, 6, 4}; geo_Point m = geo_middle(p, q); assert(m.X == 2 && m.Y == 4 && m.Tag == 7);
    geo_Point ps[] = {p, q}; assert(geo_centroid(ps, 2) == 2);
    geo_Rect r = {p, q, geo_Color_Green}; geo_float_Color c = geo_corner(r); assert(c.item1 == 3 && c.item2 == geo_Color_Green);
    geo_int_int d = geo_divmod(17, 5); assert(d.item1 == 3 && d.item2 == 2);
    d = geo_divmod(1, 0); assert(d.item1 == 0 && !strcmp(geo_last_error_type(), "System.DivideByZeroException")); puts(geo_last_error_place());
    int calls = 0; double s = geo_integrate(square, &calls, 0, 3); assert(fabs(s - 9) < 1e-4 && calls == 1000);
    s = geo_integrate(reenter, 0, 0, 1); assert(s > 1.0 && s < 1.1);
    geo_integrate(recurse_fail, 0, 0, 1); 
    assert(geo_flip(false) && !geo_flip(true)); assert(geo_paint(geo_Color_Red) == geo_Color_Green); assert(geo_upper('q') == 'Q');
    assert(geo_fail("egg", -1) == 0); printf("%s|%s|%s\n", geo_last_error_type(), geo_last_error(), geo_last_error_place());
    assert(geo_add(1, 2) == 3 && !geo_last_error());
    geo_array_geo_Point g = geo_points(3); assert(g.data[2].X == 2 && g.data[2].Tag == 1); geo_release(g.data);
    int v = 7;
    int (*doubled)(int) = (int (*)(int))(intptr_t)geo_doubler();
    assert(doubled(21) == 42 && geo_call((void *)(intptr_t)negated, 5) == -5 && geo_call(0, 5) == -1);
    assert(geo_orZero(&v) == 7 && geo_orZero(0) == 0 && geo_same(&v) == &v && !geo_same(0));
    geo_say("hi", 2); fflush(stdout);
    int64_t before = geo_live_cells();
    pthread_t ts[4]; for (int i = 0; i < 4; i++) pthread_create(&ts[i], 0, worker, 0);
    for (int i = 0; i < 4; i++) pthread_join(ts[i], 0);
    assert(geo_next() == 4 * ROUNDS + 3);
    assert(geo_held_results() == 0);
    assert(geo_live_cells() == before);
    puts("ok");
}
