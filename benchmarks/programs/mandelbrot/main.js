const limit = 50;

function escapes(cr, ci) {
  let zr = 0, zi = 0;
  for (let n = 0; n < limit; n++) {
    const rr = zr * zr, ii = zi * zi;
    if (rr + ii > 4) return n;
    [zr, zi] = [rr - ii + cr, 2 * zr * zi + ci];
  }
  return limit;
}

const n = Number(process.argv[2]);
let inside = 0, checksum = 0;
for (let y = 0; y < n; y++) {
  const ci = (2 * y) / n - 1;
  for (let x = 0; x < n; x++) {
    const steps = escapes((2 * x) / n - 1.5, ci);
    if (steps === limit) inside++;
    checksum = (Math.imul(checksum, 31) + steps) | 0;
  }
}
console.log(`${inside} ${checksum >>> 0}`);
