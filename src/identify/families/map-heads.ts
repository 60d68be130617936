import type { YoloGridHeadSpec } from '../../heads/contracts/yolo-grid.js';
import { ANCHORS } from '../../heads/decode/yolo-anchors.js';
import { type Decision, settled } from '../recognition.js';

/** Outputs that are maps of cells, all of the same number of channels. */
export interface Maps {
  /** Names, finest level first; one alone where it holds the rows of all levels. */
  outputs: string[];
  strides: number[];
  channels: number;
  /** Channels are the last dim. */
  last: boolean;
}

type GridHead = Pick<YoloGridHeadSpec, 'family' | 'outputs' | 'strides' | 'anchors'>;

export function grid(anchors: keyof typeof ANCHORS, strides: number[], outputs: string[]): GridHead {
  return { family: 'yolo-grid', outputs, strides, anchors };
}

export function darknet(anchors: keyof typeof ANCHORS, strides: number[], outputs: string[], last: boolean) {
  return {
    ...grid(anchors, strides, outputs),
    order: last ? 'cells-anchors' : 'anchors-channels',
    reach: strides.map(() => 1),
    size: 'exp',
    boxActivation: 'sigmoid',
  } as const;
}

export function published(anchors: keyof typeof ANCHORS): Decision {
  const sides = ANCHORS[anchors].flat().length;
  return settled('head.anchors', anchors, `the ${sides / 2} it was published with; spec head.anchors sets others`);
}
