const solarMass = 4 * Math.PI * Math.PI;
const year = 365.24;
const body = (x, y, z, vx, vy, vz, mass) => ({
  x, y, z, vx: vx * year, vy: vy * year, vz: vz * year, mass: mass * solarMass,
});
const bodies = [
  body(0, 0, 0, 0, 0, 0, 1),
  body(4.8414314424647209, -1.16032004402742839, -0.103622044471123109,
    0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023, 0.000954791938424326609),
  body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
    -0.00276742510726411899, 0.00499852801234917238, 0.0000230417297573763929, 0.000285885980666130812),
  body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
    0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556, 0.0000436624404335156298),
  body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
    0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870, 0.0000515138902046611451),
];

function offsetMomentum() {
  const sun = bodies[0];
  for (const b of bodies) {
    sun.vx -= (b.vx * b.mass) / solarMass;
    sun.vy -= (b.vy * b.mass) / solarMass;
    sun.vz -= (b.vz * b.mass) / solarMass;
  }
}

function advance(dt) {
  for (let i = 0; i < bodies.length; i++) {
    const a = bodies[i];
    for (let j = i + 1; j < bodies.length; j++) {
      const b = bodies[j];
      const dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
      const squared = dx * dx + dy * dy + dz * dz;
      const magnitude = dt / (squared * Math.sqrt(squared));
      a.vx -= dx * b.mass * magnitude;
      a.vy -= dy * b.mass * magnitude;
      a.vz -= dz * b.mass * magnitude;
      b.vx += dx * a.mass * magnitude;
      b.vy += dy * a.mass * magnitude;
      b.vz += dz * a.mass * magnitude;
    }
  }
  for (const b of bodies) {
    b.x += dt * b.vx;
    b.y += dt * b.vy;
    b.z += dt * b.vz;
  }
}

function energy() {
  let total = 0;
  bodies.forEach((a, i) => {
    total += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
    for (const b of bodies.slice(i + 1)) {
      const dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
      total -= (a.mass * b.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  });
  return total;
}

offsetMomentum();
console.log(energy().toFixed(9));
for (let i = 0; i < Number(process.argv[2]); i++) advance(0.01);
console.log(energy().toFixed(9));
