#[derive(Clone, Copy)]
struct Vector {
    x: f64,
    y: f64,
}

#[derive(Clone, Copy)]
struct Particle {
    position: Vector,
    velocity: Vector,
    bounces: i32,
}

fn add(a: Vector, b: Vector) -> Vector {
    Vector { x: a.x + b.x, y: a.y + b.y }
}

fn scale(k: f64, v: Vector) -> Vector {
    Vector { x: k * v.x, y: k * v.y }
}

fn bounce_x(p: Particle) -> Particle {
    if p.position.x < 0.0 || p.position.x > 1.0 {
        let velocity = Vector { x: -p.velocity.x, ..p.velocity };
        Particle { velocity, bounces: p.bounces + 1, ..p }
    } else {
        p
    }
}

fn bounce_y(p: Particle) -> Particle {
    if p.position.y < 0.0 || p.position.y > 1.0 {
        let velocity = Vector { y: -p.velocity.y, ..p.velocity };
        Particle { velocity, bounces: p.bounces + 1, ..p }
    } else {
        p
    }
}

fn step(dt: f64, p: Particle) -> Particle {
    bounce_y(bounce_x(Particle { position: add(p.position, scale(dt, p.velocity)), ..p }))
}

fn initial(i: i32) -> Particle {
    Particle {
        position: Vector { x: (i % 100) as f64 / 100.0, y: (i / 100) as f64 / 50.0 },
        velocity: Vector { x: (i * 7 % 11) as f64 - 5.0, y: (i * 5 % 13) as f64 - 6.0 },
        bounces: 0,
    }
}

fn main() {
    let steps: i32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let mut particles: Vec<Particle> = (0..5000).map(initial).collect();
    for _ in 0..steps {
        particles = particles.iter().map(|&p| step(0.001, p)).collect();
    }
    let bounces: i32 = particles.iter().map(|p| p.bounces).sum();
    let energy = particles.iter().fold(0.0, |sum, p| {
        sum + 0.5 * (p.velocity.x * p.velocity.x + p.velocity.y * p.velocity.y)
    });
    println!("{} {:.6}", bounces, energy);
}
