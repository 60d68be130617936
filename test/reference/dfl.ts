import type { Tensors } from '../../src/types/model.js';

/** One level's outputs by name, and its stride. */
export interface DflLevel {
  scores: string;
  distances: string;
  stride: number;
}

export type DflBox = [classId: number, score: number, x1: number, y1: number, x2: number, y2: number];

/**
 * The slow, obvious decoding of NanoDet and PicoDet: every cell with its best class, boxes in pixels of the input.
 *
 * Source: decode_infer and disPred2Bbox in demo_ncnn/nanodet.cpp of RangiLyu/nanodet as of 2021 (centres (x + 0.5) ·
 * stride); PicoHead.forward_eval of PaddleDetection with cell_offset 0.5. Without their clipping to the picture.
 */
export function decodeDfl(outputs: Tensors, levels: readonly DflLevel[], [width]: [number, number]): DflBox[] {
  return levels.flatMap(({ scores, distances, stride }) => {
    const [, cells, classes] = outputs[scores].dims;
    const bins = outputs[distances].dims[2] / 4;
    const perLine = width / stride;
    return Array.from({ length: cells }, (_, cell): DflBox => {
      const ofCell = [...outputs[scores].data.subarray(cell * classes, (cell + 1) * classes)];
      const score = Math.max(...ofCell);
      const [left, top, right, bottom] = [0, 1, 2, 3].map((edge) => {
        const from = (4 * cell + edge) * bins;
        const weights = [...outputs[distances].data.subarray(from, from + bins)].map(Math.exp);
        const sum = weights.reduce((total, weight) => total + weight);
        return weights.reduce((mean, weight, k) => mean + (k * weight) / sum, 0) * stride;
      });
      const x = ((cell % perLine) + 0.5) * stride;
      const y = (Math.floor(cell / perLine) + 0.5) * stride;
      return [ofCell.indexOf(score), score, x - left, y - top, x + right, y + bottom];
    });
  });
}
