const hash = (text) => {
  let h = 7;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) >>> 0;
  return h;
};
const n = Number(process.argv[2]);
let text = "";
for (let i = 1; i <= n; i++) text += "item " + i + "," + String((i * 7) % 1000) + "\n";
console.log(`${text.length} ${hash(text)}`);
const joined = Array.from({ length: n }, (_, i) => "<" + (i + 1) + ">").join(";");
console.log(`${joined.length} ${hash(joined)}`);
let longest = 0;
for (let i = 1; i <= n / 10; i++) {
  const formatted = `${"name"} has ${i} of ${(i * 31).toString(16).padStart(8, "0")}`;
  longest = Math.max(longest, formatted.length);
}
console.log(longest);
