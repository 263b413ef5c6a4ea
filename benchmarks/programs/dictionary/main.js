const n = Number(process.argv[2]);
const counts = new Map();
let low = 1;
// A 62-bit product, in two halves that doubles can hold.
const next = (k) => {
  const high = (k >>> 16) * 1103515245;
  const rest = (k & 0xffff) * 1103515245 + 12345;
  return ((high % 32768) * 65536 + rest) % 2147483648;
};
for (let i = 1; i <= n; i++) {
  low = next(low);
  const k = low % (n / 4);
  const count = counts.get(k);
  counts.set(k, count === undefined ? i : (count + i) | 0);
}
let sum = 0;
for (let k = 0; k <= n / 2; k++) {
  if (counts.has(k)) {
    sum += counts.get(k);
    if (k % 3 === 0) counts.delete(k);
  }
}
const names = new Map();
for (let i = 1; i <= n / 4; i++) {
  const name = "key" + ((i * 7) % (n / 8));
  names.set(name, (names.get(name) ?? 0) + 1);
}
let most = 0;
for (const count of names.values()) most = Math.max(most, count);
console.log(`${counts.size} ${sum} ${names.size} ${most}`);
