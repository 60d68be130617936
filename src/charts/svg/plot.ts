import { chartText, element, estimatedWidth, line, polyline } from './element.js';
import type { Scale } from './scale.js';

/** Told apart by people with colour blindness. Source: Okabe and Ito, Color Universal Design, 2008. */
export const COLOURS = { blue: '#0072b2', orange: '#d55e00', green: '#009e73', grey: '#7f7f7f', pink: '#cc79a7' };

const AXIS = '#6e7079';
const GRID = '#e0e6f1';

/** Edges of the area that data are drawn in, pixels. */
export interface PlotArea {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A title, and a smaller line below it, centred at the top of a picture. */
export function heading(width: number, title: string, subtitle: string): string[] {
  return [
    chartText(title, width / 2, 28, { size: 18, weight: 'bold', anchor: 'middle' }),
    chartText(subtitle, width / 2, 50, { size: 12, fill: '#808080', anchor: 'middle' }),
  ];
}

/** What one series of a chart is called and looks like. */
export interface Series {
  name: string;
  colour: string;
  width?: number;
  kind?: 'line' | 'bar';
}

/** Names of the series in one row, centred. */
export function legendOf(width: number, y: number, series: readonly Series[]): string[] {
  const [mark, gap] = [28, 28];
  const widths = series.map(({ name }) => mark + estimatedWidth(name) + gap);
  let x = (width - widths.reduce((sum, each) => sum + each, -gap)) / 2;
  return series.flatMap(({ name, colour, kind = 'line', width: stroke = 2 }, i) => {
    const start = x;
    x += widths[i]!;
    const sample =
      kind === 'bar'
        ? element('rect', { x: start, y: y - 10, width: 22, height: 12, rx: 3, fill: colour })
        : line([start, y - 4], [start + 22, y - 4], { stroke: colour, 'stroke-width': Math.max(2, stroke) });
    return [sample, chartText(name, start + mark, y)];
  });
}

/** Axis titles; null: none. */
export interface AxisTitles {
  x: string | null;
  y: string | null;
}

/** The axes of a plot with their ticks and grid lines. @param x  null: no ticks */
export function axes(area: PlotArea, x: Scale | null, y: Scale, titles: AxisTitles): string[] {
  const { left, top, right, bottom } = area;
  const vertical = (x?.ticks ?? []).flatMap(({ value, text: label }) => [
    line([x!.at(value), top], [x!.at(value), bottom], { stroke: GRID }),
    line([x!.at(value), bottom], [x!.at(value), bottom + 5], { stroke: AXIS }),
    chartText(label, x!.at(value), bottom + 20, { anchor: 'middle', fill: AXIS }),
  ]);
  const horizontal = y.ticks.flatMap(({ value, text: label }) => [
    line([left, y.at(value)], [right, y.at(value)], { stroke: GRID }),
    line([left - 5, y.at(value)], [left, y.at(value)], { stroke: AXIS }),
    chartText(label, left - 9, y.at(value) + 4, { anchor: 'end', fill: AXIS }),
  ]);
  const middle = (top + bottom) / 2;
  return [
    ...vertical,
    ...horizontal,
    polyline(
      [
        [left, top],
        [left, bottom],
        [right, bottom],
      ],
      { stroke: AXIS },
    ),
    ...(titles.x === null
      ? []
      : [chartText(titles.x, (left + right) / 2, bottom + 42, { anchor: 'middle', fill: AXIS })]),
    ...(titles.y === null
      ? []
      : [chartText(titles.y, left - 48, middle, { anchor: 'middle', fill: AXIS, rotate: -90 })]),
  ];
}

/** 0.5384 → 0.538; a dash if there is no number. */
export function digits(value: number | null | undefined): string {
  return value === null || value === undefined || value < 0 ? '–' : value.toFixed(3);
}
