import type { LabelSetEvaluation } from '../evaluate/metrics/label-sets.js';
import { chartText, element, line, picture } from './svg/element.js';
import { COLOURS, heading, legendOf } from './svg/plot.js';
import { linearScale } from './svg/scale.js';

const [LEFT, RIGHT, TOP, WIDTH] = [220, 580, 104, 640];
const [BAR, GAP] = [16, 22];

type Value = number | null;
type Bars = [name: string, bars: [value: Value, colour: string][]];

/** How label sets of objects and of the regions that match them agree: bars from 0 to 1. @returns SVG */
export function labelSetChart(labelSets: LabelSetEvaluation): string {
  const { precision, recall, f1, micro, macro, samples, exactMatch, hammingLoss, matched, objects } = labelSets;
  const rates = (own: { precision: Value; recall: Value; f1: Value }): Bars[1] => [
    [own.precision, COLOURS.blue],
    [own.recall, COLOURS.orange],
    [own.f1, COLOURS.green],
  ];
  const groups: Bars[] = [
    ['boxes, labels ignored', rates({ precision, recall, f1 })],
    ['labels, all together', rates(micro)],
    ['mean over labels', rates(macro)],
    ['mean over objects', rates(samples)],
    ['exact match', [[exactMatch, COLOURS.grey]]],
    ['Hamming loss (0 is best)', [[hammingLoss, COLOURS.grey]]],
  ];
  const scale = linearScale({ domain: [0, 1], pixels: [LEFT, RIGHT] }, 5);
  const heights = groups.map(([, bars]) => bars.length * BAR + GAP);
  const bottom = TOP + heights.reduce((sum, height) => sum + height, 0);
  const grid = scale.ticks.flatMap(({ value, text }) => [
    line([scale.at(value), TOP - 6], [scale.at(value), bottom - 8], { stroke: '#e0e6f1' }),
    chartText(text, scale.at(value), bottom + 10, { anchor: 'middle', fill: '#6e7079' }),
  ]);
  let y = TOP;
  const marks = groups.flatMap(([name, bars], i) => {
    const top = y;
    y += heights[i]!;
    const middle = top + (bars.length * BAR) / 2 + 4;
    const rows = bars.flatMap(([value, fill], k) => barOf(value, top + k * BAR, { fill, at: scale.at }));
    return [chartText(name, LEFT - 14, middle, { anchor: 'end', size: 12 }), ...rows];
  });
  const legend = legendOf(WIDTH, 78, [
    { name: 'precision', colour: COLOURS.blue, kind: 'bar' },
    { name: 'recall', colour: COLOURS.orange, kind: 'bar' },
    { name: 'F1', colour: COLOURS.green, kind: 'bar' },
  ]);
  const subtitle = `${matched} of ${objects} objects matched by a box; an object counts once, however many labels it has`;
  return picture({ width: WIDTH, height: bottom + 28 }, [
    ...heading(WIDTH, 'Label sets', subtitle),
    ...legend,
    ...grid,
    ...marks,
  ]);
}

function barOf(value: Value, y: number, { fill, at }: { fill: string; at: (value: number) => number }): string[] {
  const end = at(value ?? 0);
  return [
    element('rect', { x: LEFT, y: y + 1, width: Math.max(0, end - LEFT), height: BAR - 3, fill }),
    chartText(value === null ? '–' : value.toFixed(3), end + 6, y + BAR - 5, { size: 11 }),
  ];
}
