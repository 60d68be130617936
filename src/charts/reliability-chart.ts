import type { ReliabilityBin } from '../evaluate/metrics/reliability.js';
import { chartText, element, picture, polyline } from './svg/element.js';
import { axes, COLOURS, heading, legendOf, type PlotArea } from './svg/plot.js';
import { linearScale, logScale } from './svg/scale.js';

export interface ReliabilityWords {
  title: string;
  subtitle: string;
}

const SIZE = { width: 760, height: 520 };
const UPPER: PlotArea = { left: 72, right: 728, top: 96, bottom: 346 };
const LOWER: PlotArea = { left: 72, right: 728, top: 386, bottom: 466 };

/** Precision of detections by score, beside their mean score; below, their number. @returns SVG */
export function reliabilityChart(bins: readonly ReliabilityBin[], { title, subtitle }: ReliabilityWords): string {
  const across = linearScale({ domain: [0, 1], pixels: [UPPER.left, UPPER.right] }, 10);
  const up = linearScale({ domain: [0, 1], pixels: [UPPER.bottom, UPPER.top] });
  const highest = Math.max(10, ...bins.map(({ count }) => count));
  const counts = logScale({ domain: [0.8, highest], pixels: [LOWER.bottom, LOWER.top] });
  const bar = ({ from, to }: ReliabilityBin, top: number, bottom: number, fill: string): string => {
    const [left, right] = [across.at(from) + 1, across.at(to) - 1];
    return element('rect', { x: left, y: top, width: right - left, height: Math.max(0, bottom - top), fill });
  };
  const precision = bins.flatMap((bin) =>
    bin.precision === null ? [] : [bar(bin, up.at(bin.precision), UPPER.bottom, COLOURS.blue)],
  );
  const numbers = bins.flatMap((bin) =>
    bin.count === 0 ? [] : [bar(bin, counts.at(bin.count), LOWER.bottom, COLOURS.grey)],
  );
  const scores = bins.map(({ from, to, confidence }) =>
    confidence === null ? null : ([across.at((from + to) / 2), up.at(confidence)] as const),
  );
  const dots = scores.flatMap((at) =>
    at === null ? [] : [element('circle', { cx: at[0], cy: at[1], r: 2.5, fill: '#ffffff', stroke: COLOURS.orange })],
  );
  const series = [
    { name: 'precision', colour: COLOURS.blue, kind: 'bar' },
    { name: 'mean score', colour: COLOURS.orange },
  ] as const;
  const empty = bins.every(({ count }) => count === 0);
  return picture(SIZE, [
    ...[...heading(SIZE.width, title, subtitle), ...legendOf(SIZE.width, 78, series)],
    ...[...axes(UPPER, null, up, { x: null, y: 'precision' }), ...precision],
    ...[polyline(scores, { stroke: COLOURS.orange, 'stroke-width': 1.5 }), ...dots],
    ...[...axes(LOWER, across, counts, { x: 'score', y: 'detections' }), ...numbers],
    ...(empty ? [chartText('no detections', SIZE.width / 2, 220, { anchor: 'middle' })] : []),
  ]);
}
