import { type Schema, variant } from '../check/shapes.js';
import { anchorDeltasHead } from './contracts/anchor-deltas.js';
import { boxesScoresHead } from './contracts/boxes-scores.js';
import { centernetHead } from './contracts/centernet.js';
import { dflHead } from './contracts/dfl.js';
import { partsHead } from './contracts/parts.js';
import { rowsHead } from './contracts/rows.js';
import { selectedHead } from './contracts/selected.js';
import { ssdHead } from './contracts/ssd.js';
import { yoloHead } from './contracts/yolo.js';
import { yoloGridHead } from './contracts/yolo-grid.js';
import { yoloxHead } from './contracts/yolox.js';
import { yoloxLevelsHead } from './contracts/yolox-levels.js';
import type { Head } from './head.js';

/** Every output contract, by the family that its spec names. A new one is a file beside `ssd.ts`, and a line here. */
const contracts = {
  ssd: ssdHead,
  yolo: yoloHead,
  'boxes-scores': boxesScoresHead,
  rows: rowsHead,
  parts: partsHead,
  selected: selectedHead,
  'yolo-grid': yoloGridHead,
  yolox: yoloxHead,
  'yolox-levels': yoloxLevelsHead,
  dfl: dflHead,
  centernet: centernetHead,
  'anchor-deltas': anchorDeltasHead,
};

type SpecOf<Contract> = Contract extends Head<infer Spec> ? Spec : never;
export type HeadSpec = SpecOf<(typeof contracts)[keyof typeof contracts]>;

const heads: { [Spec in HeadSpec as Spec['family']]: Head<Spec> } = contracts;

export function headOf<Spec extends HeadSpec>(spec: Spec): Head<Spec> {
  return heads[spec.family as HeadSpec['family']] as unknown as Head<Spec>;
}

const schemas = Object.fromEntries(Object.entries(contracts).map(([family, { schema }]) => [family, schema]));

/** What the head of a spec must be, by its family. */
export const headSchema = variant('family', schemas) as Schema<HeadSpec>;

/** How to mend a spec that is refused. */
export const SPEC_HINT = 'sigbox inspect --save FILE writes the spec of the built-in model, as an example.';

export function isHeadFamily(name: unknown): name is HeadSpec['family'] {
  return typeof name === 'string' && Object.hasOwn(heads, name);
}
