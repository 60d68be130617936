/** Seeded outputs of detectors that look like real ones: objects with clusters of boxes around them, and background. */
import type { HeadSpec } from '../src/heads/index.js';
import { randomNumbers } from '../test/support/random.js';

export type Layout = '[84, 8400]' | '[25200, 85]' | '[1207, 8400]';
export type Density = 'sparse' | 'typical' | 'dense';

export const LAYOUTS: Layout[] = ['[84, 8400]', '[25200, 85]', '[1207, 8400]'];
export const DENSITIES: Density[] = ['sparse', 'typical', 'dense'];

export interface DetectorOutput {
  layout: Layout;
  density: Density;
  classes: number;
  rows: number;
  objectness: boolean;
  /** [1, 4 + classes, rows] or [1, rows, 5 + classes]: cx, cy, w, h in input pixels, then logits */
  logits: Float32Array;
  /** The same with sigmoid done on all but the boxes. */
  probabilities: Float32Array;
  /** Score from which a class of a row is a candidate. */
  scoreThreshold: number;
}

export const IOU_THRESHOLD = 0.7;
export const MAX_DETECTIONS = 300;
export const MAX_CANDIDATES = 30_000;

const SIDE = 640;
/** Mean of the background's class logits, so that with a spread of 1.2 as many reach 0.001 as a detector gives. */
const BACKGROUND = { rare: -11, '[84, 8400]': -8.66, '[1207, 8400]': -9.95, '[25200, 85]': -3.9 };

export function makeOutput(layout: Layout, density: Density): DetectorOutput {
  const objectness = layout === '[25200, 85]';
  const classes = layout === '[1207, 8400]' ? 1203 : 80;
  const cells = cellsOf(objectness ? 3 : 1);
  const [rows, width] = [cells.length, classes + (objectness ? 5 : 4)];
  const at = objectness
    ? (row: number, column: number) => row * width + column
    : (row: number, column: number) => column * rows + row;
  const logits = new Float32Array(rows * width);
  const random = gaussian(randomNumbers(12345));
  fillBackground(logits, { cells, at, classes, layout, dense: density === 'dense', random });
  addObjects(logits, { cells, at, classes, objectness, sparse: density === 'sparse', random });
  const isBox = objectness ? (i: number) => i % width < 4 : (i: number) => i < 4 * rows;
  const probabilities = logits.map((value, i) => (isBox(i) ? value : 1 / (1 + Math.exp(-value))));
  const scoreThreshold = density === 'dense' ? 0.001 : 0.25;
  return { layout, density, classes, rows, objectness, logits, probabilities, scoreThreshold };
}

/** What sigbox is told of it. */
export function headOfOutput({ objectness }: DetectorOutput): HeadSpec {
  return {
    family: 'yolo',
    output: 'out',
    layout: objectness ? 'rows' : 'columns',
    objectness,
    activation: 'sigmoid',
    boxFormat: 'cxcywh',
    boxUnit: 'input-pixels',
    suppress: true,
  };
}

export function dimsOf({ rows, classes, objectness }: DetectorOutput): number[] {
  return objectness ? [1, rows, classes + 5] : [1, classes + 4, rows];
}

interface Cell {
  x: number;
  y: number;
  stride: number;
}

interface Random {
  uniform: () => number;
  normal: () => number;
}

function gaussian(uniform: () => number): Random {
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** Cells of strides 8, 16 and 32, each level so many times. */
function cellsOf(times: number): Cell[] {
  return [8, 16, 32].flatMap((stride) => {
    const side = SIDE / stride;
    const level = Array.from({ length: side * side }, (_, i): Cell => {
      return { x: ((i % side) + 0.5) * stride, y: (Math.floor(i / side) + 0.5) * stride, stride };
    });
    return Array.from({ length: times }, () => level).flat();
  });
}

type Place = (row: number, column: number) => number;

function fillBackground(
  logits: Float32Array,
  given: { cells: Cell[]; at: Place; classes: number; layout: Layout; dense: boolean; random: Random },
): void {
  const { cells, at, classes, layout, dense, random } = given;
  const { normal } = random;
  const objectness = layout === '[25200, 85]';
  const mean = dense || objectness ? BACKGROUND[layout] : BACKGROUND.rare;
  for (const [row, { x, y, stride }] of cells.entries()) {
    const box = [x + 0.3 * stride * normal(), y + 0.3 * stride * normal(), 0, 0];
    for (const side of [2, 3]) box[side] = 4 * stride * Math.exp(0.5 * normal());
    for (const [column, value] of box.entries()) logits[at(row, column)] = value;
    if (objectness) logits[at(row, 4)] = (dense ? -8.3 : -11) + 1.2 * normal();
    const first = objectness ? 5 : 4;
    for (let c = 0; c < classes; c++) logits[at(row, first + c)] = mean + 1.2 * normal();
  }
}

function addObjects(
  logits: Float32Array,
  given: { cells: Cell[]; at: Place; classes: number; objectness: boolean; sparse: boolean; random: Random },
): void {
  const { cells, at, classes, objectness, sparse, random } = given;
  const { uniform, normal } = random;
  const first = objectness ? 5 : 4;
  for (let object = 0; object < (sparse ? 12 : 70); object++) {
    const size = Math.exp(3.2 + 2.4 * uniform());
    const [width, height] = [size * Math.exp(0.3 * normal()), size * Math.exp(0.3 * normal())];
    const [x, y] = [SIDE * uniform(), SIDE * uniform()];
    const [usual, second] = [Math.floor(uniform() * uniform() * classes), Math.floor(uniform() * classes)];
    const stride = size < 64 ? 8 : size < 160 ? 16 : 32;
    const near = [...cells.keys()]
      .filter((row) => cells[row]!.stride === stride || cells[row]!.stride === 2 * stride)
      .map((row) => ({ row, far: Math.hypot(cells[row]!.x - x, cells[row]!.y - y) + stride * uniform() }))
      .sort((a, b) => a.far - b.far);
    for (const { row } of near.slice(0, sparse ? 9 : 15)) {
      logits[at(row, 0)] = x + 0.03 * width * normal();
      logits[at(row, 1)] = y + 0.03 * height * normal();
      logits[at(row, 2)] = width * Math.exp(0.05 * normal());
      logits[at(row, 3)] = height * Math.exp(0.05 * normal());
      if (objectness) logits[at(row, 4)] = 2.5 + 0.7 * normal();
      logits[at(row, first + usual)] = 1.2 + 1.2 * normal();
      if (uniform() < 0.25) logits[at(row, first + second)] = normal();
    }
  }
}
