import { chartText, line, picture, polyline } from './element.js';
import { axes, COLOURS, heading, legendOf, type PlotArea, type Series } from './plot.js';
import { linearScale } from './scale.js';

/** A line through points of a chart. */
export interface LineSeries extends Series {
  points: readonly (readonly [x: number, y: number | null])[];
}

/** A chart of lines over two axes from 0 to 1. */
export interface LineChart {
  title: string;
  subtitle: string;
  x: string;
  y: string | null;
  series: readonly LineSeries[];
  /** Vertical lines with a name above. */
  marks?: readonly { x: number; name: string }[];
}

const SIZE = { width: 760, height: 520 };
const AREA: PlotArea = { left: 64, right: 728, top: 112, bottom: 464 };

/** Draws a chart of lines. @returns SVG */
export function lineChart({ title, subtitle, x, y, series, marks = [] }: LineChart): string {
  const across = linearScale({ domain: [0, 1], pixels: [AREA.left, AREA.right] });
  const up = linearScale({ domain: [0, 1], pixels: [AREA.bottom, AREA.top] });
  const lines = series.map(({ points, colour, width = 2 }) =>
    polyline(
      points.map(([px, py]) => (py === null ? null : ([across.at(px), up.at(py)] as const))),
      { stroke: colour, 'stroke-width': width },
    ),
  );
  const near = marks.length > 1 && Math.abs(marks[0]!.x - marks[1]!.x) < 0.08;
  const marked = marks.flatMap(({ x: at, name }, i) => {
    const px = across.at(at);
    const left = near && at <= marks[1 - i]!.x;
    const anchor = near ? (left ? 'end' : 'start') : 'middle';
    return [
      line([px, AREA.top], [px, AREA.bottom], { stroke: COLOURS.grey, 'stroke-dasharray': '4 3' }),
      chartText(name, px + (near ? (left ? 3 : -3) : 0), AREA.top - 8, { anchor }),
    ];
  });
  const frame = [...heading(SIZE.width, title, subtitle), ...legendOf(SIZE.width, 78, series)];
  return picture(SIZE, [...frame, ...axes(AREA, across, up, { x, y }), ...lines, ...marked]);
}
