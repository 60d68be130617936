import type { Box } from '../types/detections.js';

/** The box around points. @param coordinates  x, y, x, y … */
export function boxAround(coordinates: readonly number[]): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < coordinates.length; i += 2) {
    box[0] = Math.min(box[0], coordinates[i]!);
    box[1] = Math.min(box[1], coordinates[i + 1]!);
    box[2] = Math.max(box[2], coordinates[i]!);
    box[3] = Math.max(box[3], coordinates[i + 1]!);
  }
  return box;
}

/** The box around one that is turned about its middle. */
export function boxAroundTurned([x1, y1, x2, y2]: Box, degrees: number): Box {
  if (degrees === 0) return [x1, y1, x2, y2];
  const { cos, sin } = turn(degrees);
  return boxOfHalves(
    [(x1 + x2) / 2, (y1 + y2) / 2],
    (Math.abs(cos) * (x2 - x1) + Math.abs(sin) * (y2 - y1)) / 2,
    (Math.abs(sin) * (x2 - x1) + Math.abs(cos) * (y2 - y1)) / 2,
  );
}

/** The box around a rectangle that is turned clockwise about its upper left corner. */
export function boxAroundTurnedAtCorner([x1, y1, x2, y2]: Box, degrees: number): Box {
  if (degrees === 0) return [x1, y1, x2, y2];
  const { cos, sin } = turn(degrees);
  const [width, height] = [x2 - x1, y2 - y1];
  const corners = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ] as const;
  return boxAround(corners.flatMap(([dx, dy]) => [x1 + dx * cos - dy * sin, y1 + dx * sin + dy * cos]));
}

/** An ellipse, in pixels. */
export interface Ellipse {
  x: number;
  y: number;
  radiusX: number;
  radiusY: number;
  /** Degrees. Default 0 */
  rotation?: number;
}

/** The box around an ellipse that is turned about its middle. */
export function boxAroundEllipse({ x, y, radiusX, radiusY, rotation = 0 }: Ellipse): Box {
  const { cos, sin } = turn(rotation);
  return boxOfHalves([x, y], Math.hypot(radiusX * cos, radiusY * sin), Math.hypot(radiusX * sin, radiusY * cos));
}

function boxOfHalves([x, y]: readonly [x: number, y: number], halfWidth: number, halfHeight: number): Box {
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}

/** Exact at quarter turns, which are the usual ones. */
function turn(degrees: number): { cos: number; sin: number } {
  const quarter = ((degrees % 360) + 360) % 360;
  if (quarter % 90 !== 0) return { cos: Math.cos((degrees * Math.PI) / 180), sin: Math.sin((degrees * Math.PI) / 180) };
  return { cos: [1, 0, -1, 0][quarter / 90]!, sin: [0, 1, 0, -1][quarter / 90]! };
}
