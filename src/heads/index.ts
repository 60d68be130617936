import { type AnchorDeltasHeadSpec, anchorDeltas } from './anchor-deltas.js';
import { type BoxesScoresHeadSpec, boxesScores } from './boxes-scores.js';
import { type CenternetHeadSpec, centernet } from './centernet.js';
import { type DflHeadSpec, dfl } from './dfl.js';
import type { Head } from './head.js';
import { type PartsHeadSpec, parts } from './parts.js';
import { type RowsHeadSpec, rows } from './rows.js';
import { type SelectedHeadSpec, selected } from './selected.js';
import { type SsdHeadSpec, ssd } from './ssd.js';
import { type YoloHeadSpec, yolo } from './yolo.js';
import { type YoloGridHeadSpec, yoloGrid } from './yolo-grid.js';
import { type YoloxHeadSpec, yolox } from './yolox.js';

/** Every output contract. A new one is a file beside `ssd.ts`, and a line in each of these two. */
export type HeadSpec =
  | SsdHeadSpec
  | YoloHeadSpec
  | BoxesScoresHeadSpec
  | RowsHeadSpec
  | PartsHeadSpec
  | SelectedHeadSpec
  | YoloGridHeadSpec
  | YoloxHeadSpec
  | DflHeadSpec
  | CenternetHeadSpec
  | AnchorDeltasHeadSpec;
const heads: { [Spec in HeadSpec as Spec['family']]: Head<Spec> } = {
  ssd,
  yolo,
  'boxes-scores': boxesScores,
  rows,
  parts,
  selected,
  'yolo-grid': yoloGrid,
  yolox,
  dfl,
  centernet,
  'anchor-deltas': anchorDeltas,
};

export function headOf<Spec extends HeadSpec>(spec: Spec): Head<Spec> {
  return heads[spec.family as HeadSpec['family']] as unknown as Head<Spec>;
}

export function isHeadFamily(name: unknown): name is HeadSpec['family'] {
  return typeof name === 'string' && Object.hasOwn(heads, name);
}

export type { ClassSelection } from './head.js';
export type {
  AnchorDeltasHeadSpec,
  BoxesScoresHeadSpec,
  CenternetHeadSpec,
  DflHeadSpec,
  PartsHeadSpec,
  RowsHeadSpec,
  SelectedHeadSpec,
  SsdHeadSpec,
  YoloGridHeadSpec,
  YoloHeadSpec,
  YoloxHeadSpec,
};
