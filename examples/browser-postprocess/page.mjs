import { compilePlan, postprocess } from 'sigbox/postprocess';

const recorded = await (await fetch('street.json')).json();
const { image, outputs, spec } = recorded;
const PARENTS = [{ label: 'vehicle', below: ['car', 'bus', 'truck', 'bicycle'], score: 'maximum' }];

const form = document.getElementById('knobs');
const svg = document.getElementById('boxes');
svg.setAttribute('viewBox', `0 0 ${image.width} ${image.height}`);
form.addEventListener('input', show);
show();

function show() {
  const { activation, threshold, parents, shown } = form.elements;
  const model = {
    ...spec,
    head: { ...spec.head, activation: activation.value },
    parents: parents.checked ? PARENTS : [],
  };
  const plan = compilePlan(model, { scoreThreshold: Number(threshold.value), regionIou: 0.6 });
  const { detections } = postprocess(outputs, plan, { image });
  shown.value = Number(threshold.value).toFixed(2);
  draw(detections);
  list(detections);
}

function draw(detections) {
  const drawn = detections.map(({ box: [x1, y1, x2, y2], labels }) => {
    const rect = svgElement('rect', { x: x1, y: y1, width: x2 - x1, height: y2 - y1 });
    const text = svgElement('text', { x: x1 + 4, y: Math.max(y1 - 6, 20) });
    text.textContent = labels.map(({ label }) => label).join(' · ');
    return [rect, text];
  });
  svg.replaceChildren(...drawn.flat());
}

function list(detections) {
  const rows = detections.map(({ labels }) => {
    const row = document.createElement('tr');
    for (const text of [labels.map(({ label }) => label), labels.map(({ score }) => score.toFixed(2))]) {
      row.append(Object.assign(document.createElement('td'), { textContent: text.join(' · ') }));
    }
    return row;
  });
  document.getElementById('regions').replaceChildren(...rows);
  const labels = detections.reduce((sum, each) => sum + each.labels.length, 0);
  document.getElementById('count').textContent = `${detections.length} regions, ${labels} labels`;
}

function svgElement(name, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
