import type { Evaluation } from '../evaluate/evaluation.js';
import { chartText, element, estimatedWidth, picture } from './svg/element.js';
import { heading } from './svg/plot.js';

/** Counts are written into the cells up to this number of labels. */
const MAX_WRITTEN = 24;
const MAX_NAME = 22;

/**
 * The confusion matrix: a row per label of ground truth, a column per label of detections. A cell is as dark as its share of
 * the row; labels without ground truths and detections are left out.
 *
 * @returns SVG
 */
export function confusionChart({ confusion, iouThreshold, scoreThreshold }: Evaluation): string {
  const { labels, counts } = confusion;
  const used = labels.map((_, i) => i).filter((i) => i === labels.length - 1 || occurs(counts, i));
  const names = used.map((i) => shortened(labels[i]!));
  const isLarge = names.length <= MAX_WRITTEN;
  const [side, size] = isLarge ? [34, 12] : [15, 10];
  const margin = 20 + Math.max(...names.map((name) => estimatedWidth(name, size)));
  const [left, top] = [margin + 28, 70];
  const extent = side * names.length;
  const picturePixels = { width: Math.max(480, left + extent + 90), height: top + extent + margin + 44 };
  const cells = cellsOf(counts, used).map(({ row, column, share, count }) =>
    [
      element('rect', { x: left + column * side, y: top + row * side, width: side, height: side, fill: shade(share) }),
      isLarge ? chartText(String(count), left + (column + 0.5) * side, top + (row + 0.62) * side, written(share)) : '',
    ].join(''),
  );
  const rows = names.map((name, i) =>
    chartText(name, left - 6, top + (i + 0.5) * side + size * 0.35, { size, anchor: 'end' }),
  );
  const columns = names.map((name, i) => {
    const x = left + (i + 0.5) * side + size * 0.35;
    return chartText(name, x, top + extent + 8, { size, anchor: 'end', rotate: -90 });
  });
  const subtitle = `at score ${scoreThreshold} and IoU ${iouThreshold}; a cell is as dark as its share of the row`;
  return picture(picturePixels, [
    ...heading(picturePixels.width, 'Confusion', subtitle),
    ...grid(left, top, side, names.length),
    ...[...cells, ...rows, ...columns],
    chartText('ground truth', 18, top + extent / 2, { anchor: 'middle', rotate: -90 }),
    chartText('detected as', left + extent / 2, picturePixels.height - 14, { anchor: 'middle' }),
    ...key(left + extent + 28, top),
  ]);
}

/** Hairlines between rows and columns, so that the eye can follow them. Empty cells stay white: a tint would read as a share. */
function grid(left: number, top: number, side: number, count: number): string[] {
  const extent = side * count;
  return Array.from({ length: count + 1 }, (_, i) => {
    const [x, y] = [left + i * side, top + i * side];
    const path = `M${left} ${y}H${left + extent}M${x} ${top}V${top + extent}`;
    return element('path', { d: path, fill: 'none', stroke: '#d9dee6', 'stroke-width': i % 5 === 0 ? 1 : 0.5 });
  });
}

/** The shades of shares from 1 to 0. */
function key(x: number, y: number): string[] {
  const steps = Array.from({ length: 24 }, (_, i) =>
    element('rect', { x, y: y + 18 + i * 5, width: 14, height: 5.2, fill: shade(1 - i / 23) }),
  );
  return [
    chartText('1', x + 7, y + 12, { anchor: 'middle' }),
    ...steps,
    chartText('0', x + 7, y + 154, { anchor: 'middle' }),
  ];
}

/** From nearly white over blue to nearly black, by share. */
function shade(share: number): string {
  const stops = [
    [242, 247, 251],
    [0, 114, 178],
    [0, 37, 61],
  ] as const;
  const at = Math.min(Math.max(share, 0), 1) * 2;
  const [from, to] = at < 1 ? [stops[0], stops[1]] : [stops[1], stops[2]];
  const part = at < 1 ? at : at - 1;
  const channels = from.map((value, i) => Math.round(value + part * (to[i]! - value)));
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function written(share: number) {
  return { size: 10, anchor: 'middle', fill: share > 0.35 ? '#ffffff' : '#333333' } as const;
}

/** All cells that are not 0. */
function cellsOf(counts: readonly (readonly number[])[], used: readonly number[]) {
  return used.flatMap((from, row) => {
    const sum = counts[from]!.reduce((all, count) => all + count, 0);
    return used.flatMap((to, column) => {
      const count = counts[from]![to]!;
      return count === 0 ? [] : [{ row, column, share: count / sum, count }];
    });
  });
}

function occurs(counts: readonly (readonly number[])[], i: number): boolean {
  return counts[i]!.some((count) => count > 0) || counts.some((row) => row[i]! > 0);
}

function shortened(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name;
}
