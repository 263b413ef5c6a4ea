'use strict';
const find = document.getElementById('find'), found = document.getElementById('found');

// Lower is better; -1: does not fit.
function rank(name, wanted) {
  const lower = name.toLowerCase(), place = lower.indexOf(wanted);
  if (place < 0) return -1;
  const last = lower.slice(lower.lastIndexOf('.') + 1);
  return (last === wanted ? 0 : last.startsWith(wanted) ? 1 : 2) * 1000 + name.length;
}

function search() {
  const wanted = find.value.trim().toLowerCase();
  const fitting = wanted ? entries.map(one => [rank(one[0], wanted), one]).filter(one => one[0] >= 0) : [];
  fitting.sort((a, b) => a[0] - b[0]);
  found.replaceChildren(...fitting.slice(0, 30).map(([, [name, address, kind, about]]) => {
    const item = document.createElement('li'), link = document.createElement('a'), small = document.createElement('small');
    link.href = address; link.textContent = name; small.textContent = kind + (about ? ' · ' + about : '');
    item.append(link, small);
    return item;
  }));
  if (wanted && !fitting.length) found.textContent = 'nothing found';
}

find.addEventListener('input', search);
find.addEventListener('keydown', event => { if (event.key === 'Enter') found.querySelector('a')?.click(); });
document.addEventListener('keydown', event => {
  if (event.key === '/' && document.activeElement !== find) { event.preventDefault(); find.focus(); }
});
const asked = new URLSearchParams(location.search).get('q');
if (asked) { find.value = asked; search(); }
