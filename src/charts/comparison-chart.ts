import type { ModelComparison } from '../compare/comparison.js';
import { chartText, element, line, picture } from './svg/element.js';
import { COLOURS, heading } from './svg/plot.js';
import { linearScale } from './svg/scale.js';

const ROW = 22;
const [LEFT, RIGHT, TOP, WIDTH] = [250, 560, 92, 760];
const COLOUR = { better: COLOURS.green, worse: COLOURS.orange, undecided: COLOURS.grey } as const;

/** One row of the chart. */
interface Row {
  name: string;
  value: number;
  low: number;
  high: number;
  verdict: keyof typeof COLOUR;
}

/** Differences to the first model with their 95 % intervals: of the headline numbers, and by slice. @returns SVG */
export function comparisonChart({ models, numbers, slices }: ModelComparison): string {
  const groups = models.slice(1).flatMap((model, m) => [
    { title: model, rows: numbers.map(({ title, differences }) => ({ name: title, ...differences[m]! })) },
    {
      title: models.length > 2 ? `${model}, AP by slice` : 'AP by slice',
      rows: slices.map(({ by, name, differences }) => ({ name: `${by}: ${name}`, ...differences[m]! })),
    },
  ]);
  const drawn = groups
    .map((group) => ({ ...group, rows: group.rows.filter(({ low, high }) => Number.isFinite(low + high)) }))
    .filter(({ rows }) => rows.length > 0);
  const all = drawn.flatMap(({ rows }) => rows);
  const reach = Math.max(0.01, ...all.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
  const scale = linearScale({ domain: [-reach, reach], pixels: [LEFT, RIGHT] }, 6);
  const height = TOP + ROW * (all.length + drawn.length) + 56;
  const bottom = height - 44;
  const grid = scale.ticks.flatMap(({ value, text: label }) => [
    line([scale.at(value), TOP - 8], [scale.at(value), bottom], { stroke: value === 0 ? '#6e7079' : '#e0e6f1' }),
    chartText(label.replace('-', '−'), scale.at(value), bottom + 18, { anchor: 'middle', fill: '#6e7079' }),
  ]);
  let lines = 0;
  const marks = drawn.flatMap(({ title, rows }) => {
    const first = TOP + ROW * lines;
    lines += 1 + rows.length;
    const below = rows.flatMap((row, i) => rowMarks(row, first + ROW * (i + 1.5), scale.at));
    return [chartText(title, 24, first + ROW - 7, { weight: 'bold' }), ...below];
  });
  const subtitle = `difference to ${models[0]} with 95 % interval; right of 0 is better`;
  return picture({ width: WIDTH, height }, [...heading(WIDTH, 'Comparison', subtitle), ...grid, ...marks]);
}

function rowMarks({ name, value, low, high, verdict }: Row, y: number, at: (value: number) => number): string[] {
  const stroke = COLOUR[verdict];
  const shown = (number: number) => `${number < 0 ? '−' : '+'}${Math.abs(number).toFixed(3)}`;
  return [
    chartText(name, LEFT - 14, y + 4, { anchor: 'end', size: 11 }),
    line([at(low), y], [at(high), y], { stroke, 'stroke-width': 2 }),
    line([at(low), y - 4], [at(low), y + 4], { stroke, 'stroke-width': 2 }),
    line([at(high), y - 4], [at(high), y + 4], { stroke, 'stroke-width': 2 }),
    element('circle', { cx: at(value), cy: y, r: 4, fill: stroke }),
    chartText(`${shown(value)}  (${shown(low)} to ${shown(high)})`, RIGHT + 14, y + 4, { size: 11 }),
  ];
}
