'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const { nodes, edges, nodeKinds, edgeKinds } = data;
const MOST_LISTED = 400, MOST_DRAWN = 120;
const byId = id => document.getElementById(id);
const element = (name, attributes, text) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};
const outgoing = nodes.map(() => []), incoming = nodes.map(() => []);
edges.forEach(([, sources, targets], number) => {
  for (const one of sources) outgoing[one].push(number);
  for (const one of targets) incoming[one].push(number);
});
const shown = { nodes: new Set(nodeKinds.map((_, i) => i).filter(i => i < 5)), edges: new Set(edgeKinds.map((_, i) => i)) };
const past = [];
let centre = -1;

// A name without what stands in front of its last part.
function short(name) {
  const head = name.split(/[<#:(]/)[0];
  const text = name.slice(Math.max(head.lastIndexOf('.') + 1, 0));
  return text.length > 34 ? text.slice(0, 33) + '…' : text;
}

function switches(place, names, chosen) {
  names.forEach((name, number) => {
    const label = document.createElement('label'), box = document.createElement('input');
    box.type = 'checkbox'; box.checked = chosen.has(number);
    box.addEventListener('change', () => { box.checked ? chosen.add(number) : chosen.delete(number); list(); draw(); });
    label.append(box, ' ' + name);
    place.append(label);
  });
}

function list() {
  const wanted = byId('find').value.toLowerCase(), place = byId('list');
  place.replaceChildren();
  let found = 0;
  nodes.forEach(([kind, name], number) => {
    if (!shown.nodes.has(kind) || !name.toLowerCase().includes(wanted)) return;
    if (++found > MOST_LISTED) return;
    const item = document.createElement('li');
    item.textContent = name; item.title = nodeKinds[kind] + ' ' + name; item.dataset.node = number;
    if (number === centre) item.className = 'chosen';
    place.append(item);
  });
  byId('more').textContent = found > MOST_LISTED ? `the first ${MOST_LISTED} of ${found}` : `${found} found`;
}

// The nodes within some steps: in columns, those before on the left, those after on the right.
function neighbourhood() {
  const columns = new Map([[centre, 0]]), used = new Set(), depth = Number(byId('depth').value);
  let left = 0;
  for (const [direction, edgesOf, side] of [[-1, incoming, 1], [1, outgoing, 2]]) {
    let front = [centre];
    for (let step = 1; step <= depth; step++) {
      const next = [];
      for (const node of front) for (const number of edgesOf[node]) {
        const edge = edges[number];
        if (!shown.edges.has(edge[0])) continue;
        for (const other of edge[side]) {
          if (!shown.nodes.has(nodes[other][0])) continue;
          if (columns.has(other)) { used.add(number); continue; }
          if (columns.size >= MOST_DRAWN) { left++; continue; }
          columns.set(other, direction * step); next.push(other); used.add(number);
        }
      }
      front = next;
    }
  }
  return { columns, used, left };
}

function draw() {
  const view = byId('view');
  view.replaceChildren();
  if (centre < 0) return;
  const { columns, used, left } = neighbourhood(), places = new Map(), heights = new Map();
  const byColumn = new Map();
  for (const [node, column] of columns) byColumn.set(column, [...(byColumn.get(column) ?? []), node]);
  const tallest = Math.max(...[...byColumn.values()].map(one => one.length)) * 30;
  for (const [column, members] of byColumn) {
    const start = (tallest - members.length * 30) / 2;
    members.forEach((node, index) => places.set(node, [column * 330, start + index * 30]));
  }
  for (const number of used) {
    const [kind, sources, targets] = edges[number];
    const from = sources.filter(one => places.has(one)), to = targets.filter(one => places.has(one));
    if (!from.length || !to.length) continue;
    const [sx, sy] = places.get(from[0]), ends = to.map(one => places.get(one));
    const x = to.length > 1 || from.length > 1 ? sx + 275 : null;
    const y = ends.reduce((sum, end) => sum + end[1], 0) / ends.length;
    if (x === null) { line(sx + 240, sy + 11, ends[0][0], ends[0][1] + 11, kind, number); continue; }
    for (const one of from) { const [ax, ay] = places.get(one); line(ax + 240, ay + 11, x, y + 11, kind, number); }
    for (const [ex, ey] of ends) line(x, y + 11, ex, ey + 11, kind, number);
    view.append(element('circle', { cx: x, cy: y + 11, r: 4, class: 'e' + kind }));
  }
  for (const [node, [x, y]] of places) {
    const group = element('g', { class: 'node' + (node === centre ? ' centre' : ''), 'data-node': node });
    group.append(element('rect', { x, y, width: 240, height: 22, rx: 5, class: 'k' + nodes[node][0] }));
    group.append(element('text', { x: x + 7, y: y + 15 }, short(nodes[node][1])));
    group.append(element('title', {}, nodeKinds[nodes[node][0]] + ' ' + nodes[node][1]));
    view.append(group);
  }
  const numbers = [...byColumn.keys()], first = Math.min(...numbers) * 330 - 20, last = Math.max(...numbers) * 330 + 260;
  area = [first, -20, Math.max(last - first, 700), Math.max(tallest + 40, 300)];
  frame();
  facts(left);

  function line(ax, ay, bx, by, kind, number) {
    const bend = Math.max(Math.abs(bx - ax) / 2, 30), drawn = element('path', { d: `M${ax},${ay} C${ax + bend},${ay} ${bx - bend},${by} ${bx},${by}`, class: 'e' + kind });
    drawn.append(element('title', {}, edgeKinds[kind] + ' ' + edges[number][3]));
    view.append(drawn);
  }
}

let area = [0, 0, 700, 300];
const frame = () => byId('view').setAttribute('viewBox', area.join(' '));

function link(node) {
  const made = document.createElement('a');
  made.textContent = nodes[node][1]; made.dataset.node = node;
  return made;
}

function facts(left) {
  const place = byId('facts'), title = document.createElement('h2'), reasons = document.createElement('ul');
  title.textContent = nodeKinds[nodes[centre][0]] + ' ' + nodes[centre][1];
  const why = document.createElement('p');
  why.textContent = `${incoming[centre].length} edges lead here, ${outgoing[centre].length} lead away` + (left ? `; ${left} further nodes are not drawn` : '');
  const seen = new Set();
  for (let node = centre; nodes[node][2] >= 0 && !seen.has(node) && seen.size < 60;) {
    seen.add(node);
    const [kind, sources, , at] = edges[nodes[node][2]], item = document.createElement('li');
    item.append(edgeKinds[kind] + ' from ', link(sources[0]), at ? '  ' + at : '');
    reasons.append(item);
    node = sources[0];
  }
  place.replaceChildren(title, why, reasons);
}

function choose(node, remember = true) {
  if (remember && centre >= 0 && centre !== node) past.push(centre);
  centre = node;
  location.replace('#' + node);
  for (const one of byId('list').children) one.classList.toggle('chosen', Number(one.dataset.node) === node);
  draw();
}

document.addEventListener('click', event => {
  const hit = event.target.closest('[data-node]');
  if (hit) choose(Number(hit.dataset.node));
});
byId('find').addEventListener('input', list);
byId('depth').addEventListener('change', draw);
byId('back').addEventListener('click', () => { if (past.length) choose(past.pop(), false); });
byId('view').addEventListener('wheel', event => {
  event.preventDefault();
  const view = byId('view').getBoundingClientRect(), scale = event.deltaY > 0 ? 1.15 : 1 / 1.15;
  const px = (event.clientX - view.left) / view.width, py = (event.clientY - view.top) / view.height;
  area = [area[0] + area[2] * px * (1 - scale), area[1] + area[3] * py * (1 - scale), area[2] * scale, area[3] * scale];
  frame();
}, { passive: false });
let held = null;
byId('view').addEventListener('pointerdown', event => { held = [event.clientX, event.clientY, ...area]; });
window.addEventListener('pointermove', event => {
  if (!held) return;
  const view = byId('view').getBoundingClientRect(), scale = Math.max(area[2] / view.width, area[3] / view.height);
  area = [held[2] - (event.clientX - held[0]) * scale, held[3] - (event.clientY - held[1]) * scale, area[2], area[3]];
  frame();
});
window.addEventListener('pointerup', () => { held = null; });

switches(byId('kinds'), nodeKinds, shown.nodes);
switches(byId('edgeKinds'), edgeKinds, shown.edges);
byId('counts').textContent = `${nodes.length.toLocaleString('en')} nodes, ${edges.length.toLocaleString('en')} edges`;
list();
const named = Number(location.hash.slice(1)), start = location.hash && nodes[named] ? named : nodes.findIndex(one => one[2] === -1 && one[0] === 0);
choose(Math.max(start, 0), false);
