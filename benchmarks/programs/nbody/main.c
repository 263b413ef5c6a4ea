/* The Sun and four planets under gravity: the same steps as main.clef. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 5 };

typedef struct {
    double x, y, z, vx, vy, vz, mass;
} Body;

static const double pi = 3.14159265358979323846;
static const double days_per_year = 365.24;

static double solar_mass(void) {
    return 4.0 * pi * pi;
}

static Body body(double x, double y, double z, double vx, double vy, double vz, double mass) {
    Body b = {x, y, z, vx * days_per_year, vy * days_per_year, vz * days_per_year,
              mass * solar_mass()};
    return b;
}

static void make_bodies(Body *bodies) {
    bodies[0] = body(0, 0, 0, 0, 0, 0, 1);
    bodies[1] = body(4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01,
                     1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05,
                     9.54791938424326609e-04);
    bodies[2] = body(8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01,
                     -2.76742510726411899e-03, 4.99852801234917238e-03, 2.30417297573763929e-05,
                     2.85885980666130812e-04);
    bodies[3] = body(1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01,
                     2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05,
                     4.36624404335156298e-05);
    bodies[4] = body(1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01,
                     2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05,
                     5.15138902046611451e-05);
}

static void offset_momentum(Body *bodies) {
    for (int i = 0; i < COUNT; i++) {
        bodies[0].vx -= bodies[i].vx * bodies[i].mass / solar_mass();
        bodies[0].vy -= bodies[i].vy * bodies[i].mass / solar_mass();
        bodies[0].vz -= bodies[i].vz * bodies[i].mass / solar_mass();
    }
}

static void advance(Body *bodies, double dt) {
    for (int i = 0; i < COUNT; i++) {
        Body *a = &bodies[i];
        for (int j = i + 1; j < COUNT; j++) {
            Body *b = &bodies[j];
            double dx = a->x - b->x;
            double dy = a->y - b->y;
            double dz = a->z - b->z;
            double squared = dx * dx + dy * dy + dz * dz;
            double magnitude = dt / (squared * sqrt(squared));
            a->vx -= dx * b->mass * magnitude;
            a->vy -= dy * b->mass * magnitude;
            a->vz -= dz * b->mass * magnitude;
            b->vx += dx * a->mass * magnitude;
            b->vy += dy * a->mass * magnitude;
            b->vz += dz * a->mass * magnitude;
        }
    }
    for (int i = 0; i < COUNT; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

static double energy(const Body *bodies) {
    double total = 0.0;
    for (int i = 0; i < COUNT; i++) {
        const Body *a = &bodies[i];
        total += 0.5 * a->mass * (a->vx * a->vx + a->vy * a->vy + a->vz * a->vz);
        for (int j = i + 1; j < COUNT; j++) {
            const Body *b = &bodies[j];
            double dx = a->x - b->x;
            double dy = a->y - b->y;
            double dz = a->z - b->z;
            total -= a->mass * b->mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return total;
}

int main(int count, char **arguments) {
    int n = count > 1 ? atoi(arguments[1]) : 2000000;
    Body bodies[COUNT];
    make_bodies(bodies);
    offset_momentum(bodies);
    printf("%.9f\n", energy(bodies));
    for (int i = 0; i < n; i++) advance(bodies, 0.01);
    printf("%.9f\n", energy(bodies));
    return 0;
}
