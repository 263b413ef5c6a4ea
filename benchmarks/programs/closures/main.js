const compose = (f, g) => (x) => g(f(x));
const iterate = (n, f, x) => {
  for (; n > 0; n--) x = f(x);
  return x;
};
const step = (weight) => (state, next) => next((Math.imul(state, 31) + weight) & 0xffffff);
const both = (first, second) => (state, next) => first(state, (middle) => second(middle, next));
const counter = (count) => (by) => (count = (count + by) | 0);
const id = (x) => x;

const n = Number(process.argv[2]);
let total = 0;
for (let i = 1; i <= n; i++) {
  const adders = [i, i + 1, i + 2, i + 3].map((k) => (x) => x + k);
  total = (total + adders.reduce(compose, id)(i)) & 0xffffff;
}
const machine = Array.from({ length: 16 }, (_, i) => step(i + 1)).reduce(both);
total = iterate(n, (state) => machine(state, id), total);
const counters = Array.from({ length: 16 }, (_, i) => counter(i));
for (let i = 1; i <= n; i++) for (const count of counters) total = (total ^ count(i)) & 0xffffff;
console.log(total);
