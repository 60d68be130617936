import type { Activation } from '../../heads/words.js';
import { anchorGrid } from '../evidence/layout/anchor-grid.js';
import { activationOf, dimsOf, type Table, tableOf } from '../evidence/layout/table.js';
import { type Recogniser, type Recognition, settled } from '../recognition.js';
import { DARKNET, LETTERBOX } from './yolo-inputs.js';

/**
 * YOLOs that give an output of five dims per level: YOLOv4 of the ONNX model zoo [1, height, width, 3, 5 + classes],
 * YOLOv5 and YOLOv7 without their last step [1, 3, height, width, 5 + classes].
 *
 * Source: README of the zoo's YOLOv4; Detect of YOLOv5's models/yolo.py.
 */
export const yoloGrids: Recogniser = async (evidence) => {
  const { outputs } = evidence;
  if (outputs.length < 2 || outputs.some(({ dims }) => dims.length !== 5)) return null;
  const input = evidence.image.layout === 'nhwc' ? DARKNET : LETTERBOX;
  const levels: Level[] = [];
  for (const output of outputs) {
    const level = levelOf(evidence.sizeOf(input), output.name, await dimsOf(evidence, output, input));
    if (level === null) return null;
    levels.push(level);
  }
  levels.sort((a, b) => a.stride - b.stride);
  const [{ order, width }] = levels as [Level];
  if (levels.some((level) => level.order !== order || level.width !== width)) return null;
  const run = await evidence.probe(input);
  const tables = levels.map(({ output }) => tableOf(run[output]!, 'rows'));
  const { activation, decision } = activationOf(evidence, joined(tables), 4);
  const head = { outputs: levels.map(({ output }) => output), strides: levels.map(({ stride }) => stride), activation };
  const shape = settled('head.strides', head.strides.join(', '), 'sides of the input over sides of the grids');
  const found = { input, classes: width - 5, decisions: [shape, decision] };
  if (order === 'cells-anchors') return levels.length === 3 && input === DARKNET ? yolov4(found, head) : null;
  const family = 'YOLOv5 or YOLOv7, not decoded';
  const grid = anchorGrid(evidence, head, tables);
  const because = 'outputs of three anchors and a grid of cells each';
  return {
    ...found,
    family,
    head: grid.head,
    decisions: [settled('family', family, because), ...found.decisions, ...grid.decisions],
  };
};

type Found = Pick<Recognition, 'input' | 'classes' | 'decisions'>;

function yolov4(found: Found, head: { outputs: string[]; strides: number[]; activation: Activation }): Recognition {
  const because = 'outputs of a grid of cells and three anchors each, as the port of YOLOv4 to TensorFlow has them';
  return {
    ...found,
    family: 'YOLOv4',
    head: {
      family: 'yolo-grid',
      order: 'cells-anchors',
      ...head,
      anchors: 'yolov4',
      reach: [1.2, 1.1, 1.05],
      size: 'exp',
      boxActivation: 'sigmoid',
    },
    decisions: [
      settled('family', 'YOLOv4', because),
      ...found.decisions,
      settled('head.anchors', 'yolov4', 'those it was published with; spec head.anchors sets others'),
    ],
  };
}

interface Level {
  output: string;
  order: 'anchors-cells' | 'cells-anchors';
  stride: number;
  width: number;
}

function levelOf(size: { width: number; height: number }, output: string, dims: readonly number[]): Level | null {
  const [, a, b, c, width] = dims as [number, number, number, number, number];
  const strideOf = (height: number, across: number) =>
    size.width / across === size.height / height && across > 0 ? size.width / across : null;
  const options = [
    { order: 'anchors-cells', anchors: a, stride: strideOf(b, c) },
    { order: 'cells-anchors', anchors: c, stride: strideOf(a, b) },
  ] as const;
  const found = options.find(({ anchors, stride }) => anchors === 3 && stride !== null);
  return found === undefined || width < 6 ? null : { output, order: found.order, stride: found.stride!, width };
}

function joined(tables: readonly Table[]): Table {
  const firsts: number[] = [];
  let rows = 0;
  for (const table of tables) {
    firsts.push(rows);
    rows += table.rows;
  }
  return {
    rows,
    width: tables[0]!.width,
    at(row, column) {
      const k = firsts.findLastIndex((first) => first <= row);
      return tables[k]!.at(row - firsts[k]!, column);
    },
  };
}
