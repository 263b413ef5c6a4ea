const n = Number(process.argv[2]);
const numbers = Array.from({ length: n }, (_, i) => (i * 7919) % 1000003);
const chosen = numbers
  .map((x) => x * 3 + 1)
  .filter((x) => x % 2 === 0)
  .map((x) => x / 2);
const total = chosen.reduce((sum, x) => (sum * 31 + x) % 4294967296, 0);
console.log(`${chosen.length} ${total} ${[...chosen].reverse()[0]}`);
