import { type Schema, variant } from '../check/shapes.js';
import { anchorDeltas } from './contracts/anchor-deltas.js';
import { boxesScores } from './contracts/boxes-scores.js';
import { centernet } from './contracts/centernet.js';
import { dfl } from './contracts/dfl.js';
import { parts } from './contracts/parts.js';
import { rows } from './contracts/rows.js';
import { selected } from './contracts/selected.js';
import { ssd } from './contracts/ssd.js';
import { yolo } from './contracts/yolo.js';
import { yoloGrid } from './contracts/yolo-grid.js';
import { yolox } from './contracts/yolox.js';
import { yoloxLevels } from './contracts/yolox-levels.js';
import type { Head } from './head.js';

/** Every output contract, by the family that its spec names. A new one is a file beside `ssd.ts`, and a line here. */
const contracts = {
  ssd,
  yolo,
  'boxes-scores': boxesScores,
  rows,
  parts,
  selected,
  'yolo-grid': yoloGrid,
  yolox,
  'yolox-levels': yoloxLevels,
  dfl,
  centernet,
  'anchor-deltas': anchorDeltas,
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
