import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nms } from '../../../src/postprocess/api/nms.js';

/** A node test of ONNX; see fixtures/make/onnx_nms.py. */
interface NodeTest {
  name: string;
  centrePointBox: boolean;
  /** [images, n, 4] yxyx, or centre and size */
  boxes: number[][][];
  /** [images, classes, n] */
  scores: number[][][];
  maxOutputBoxesPerClass?: number;
  iouThreshold?: number;
  scoreThreshold?: number;
  /** [k, 3] image, class, box */
  selected: number[][];
}

const url = new URL('../../fixtures/goldens/onnx-nms.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(url, 'utf8')) as { cases: NodeTest[] };

test.each(cases.map((node): [string, NodeTest] => [node.name, node]))('%s', (_, node) => {
  const selected = node.scores.flatMap((ofImage, image) =>
    ofImage.flatMap((scores, classId) => select(node, image, scores).map((box) => [image, classId, box])),
  );
  expect(selected).toEqual(node.selected);
});

/** The operator for one image and class: it compares scores with `>`, and any two corners of a box will do for it. */
function select(node: NodeTest, image: number, scores: number[]): number[] {
  const { maxOutputBoxesPerClass = 0, iouThreshold = 0, scoreThreshold = Number.NEGATIVE_INFINITY } = node;
  if (maxOutputBoxesPerClass === 0) return [];
  const rows = [...scores.keys()].filter((row) => Math.fround(scores[row]) > Math.fround(scoreThreshold));
  const boxes = rows.flatMap((row) => cornersOf(node.boxes[image][row], node.centrePointBox));
  const kept = nms(
    Float32Array.from(boxes),
    Float32Array.from(rows, (row) => scores[row]),
    new Uint16Array(rows.length),
    { iouThreshold, maxDetections: maxOutputBoxesPerClass },
  );
  return Array.from(kept, (i) => rows[i]);
}

function cornersOf([a, b, c, d]: number[], centre: boolean): number[] {
  if (centre) return [a - c / 2, b - d / 2, a + c / 2, b + d / 2];
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}
