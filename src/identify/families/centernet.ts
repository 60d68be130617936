import { activationInRun, rangeOf } from '../evidence/values/ranges.js';
import { type Evidence, type FamilyInput, type Recogniser, settled } from '../recognition.js';
import { notDecoded, undecided } from '../refusal.js';

/**
 * CenterNet: maps of a quarter of the input's size, [1, classes, …] of centres, [1, 2, …] of sizes and, in most models,
 * [1, 2, …] of offsets.
 *
 * Source: models.networks and opts.py (mean, std) of xingyizhou/CenterNet.
 */
export const centernet: Recogniser = async (evidence) => {
  const { outputs } = evidence;
  const pose = outputs.find(({ name }) => /^(hps|hm_hp|hp_offset)$/.test(name));
  if (pose !== undefined && outputs.every(isMap)) throw notDecoded(evidence, 'key points', `output "${pose.name}"`);
  if (outputs.length < 2 || outputs.length > 3 || !outputs.every(isMap)) return null;
  if (outputs.filter(({ dims }) => dims[1] === 2).length < outputs.length - 1 || !ofQuarterSize(evidence)) return null;
  const run = await evidence.probe(INPUT);
  const { width, height } = evidence.sizeOf(INPUT);
  const fits = ({ name }: { name: string }) => run[name]!.dims[2] === height / 4 && run[name]!.dims[3] === width / 4;
  if (!outputs.every(fits)) return null;
  const roles = rolesOf(evidence, (name) => rangeOf(run[name]!.data).high);
  const activation = activationInRun([run[roles.heatmap]!.data]);
  return {
    family: 'CenterNet',
    head: {
      family: 'centernet',
      heatmap: roles.heatmap,
      sizes: roles.sizes,
      offsets: roles.offsets,
      activation: activation.value,
    },
    input: INPUT,
    classes: run[roles.heatmap]!.dims[1]!,
    decisions: [
      settled('family', 'CenterNet', `${outputs.length} maps of a quarter of the input’s size`),
      settled('head.sizes', roles.sizes, roles.because),
      settled('head.activation', activation.value, activation.because),
    ],
  };
};

/** Source: mean and std of lib/datasets/dataset/coco.py, which reads BGR; pre_process of base_detector.py. */
const INPUT: FamilyInput = {
  channels: 'bgr',
  scale: 1 / 255,
  mean: [0.40789654, 0.44719302, 0.47026115],
  std: [0.28863828, 0.27408164, 0.27809835],
  fit: 'letterbox',
  interpolation: 'bilinear-warp',
  padValue: 0,
  size: [512, 512],
};

const isMap = ({ dims }: { dims: readonly (number | string)[] }) => dims.length === 4;

/** As far as the file says. */
function ofQuarterSize({ outputs, sizeOf }: Evidence): boolean {
  const { width, height } = sizeOf(INPUT);
  const open = (dim: number | string | undefined) => typeof dim !== 'number' || dim < 0;
  return outputs.every(({ dims: [, , h, w] }) => (open(h) || h === height / 4) && (open(w) || w === width / 4));
}

interface Roles {
  heatmap: string;
  sizes: string;
  offsets: string | null;
  because: string;
}

/** By the user, by the names and order of CenterNet's own heads, or by values: offsets stay within a cell. */
function rolesOf(evidence: Evidence, highest: (name: string) => number): Roles {
  const { outputs, given } = evidence;
  const names = outputs.map(({ name }) => name);
  const { heatmap, sizes, offsets } = given.head;
  const told = [heatmap, sizes, offsets].filter((name) => typeof name === 'string' && names.includes(name)) as string[];
  if (told.length === names.length) return roles(told, 'given');
  if (OWN_NAMES.slice(0, names.length).every((name) => names.includes(name))) {
    return roles(OWN_NAMES.slice(0, names.length), 'the names of CenterNet’s own heads');
  }
  const wide = names.filter((_, i) => outputs[i]!.dims[1] !== 2);
  const pairs = names.filter((name) => !wide.includes(name));
  if (wide.length === 1 && pairs.length === 1) return roles([wide[0]!, pairs[0]!], 'the one map of two numbers a cell');
  const [large, small] = [
    pairs.filter((name) => highest(name) > WITHIN),
    pairs.filter((name) => highest(name) <= WITHIN),
  ];
  if (wide.length === 1 && large.length === 1 && small.length === 1) {
    return roles([wide[0]!, large[0]!, small[0]!], 'in a run its numbers pass a cell, which offsets do not');
  }
  const settles = 'A spec {"head":{"heatmap":"…","sizes":"…","offsets":"…"}} with the names of the outputs';
  throw undecided(
    evidence,
    `nothing tells centres, sizes and offsets apart in outputs "${names.join('", "')}"`,
    settles,
  );
}

const OWN_NAMES = ['hm', 'wh', 'reg'];

/** Offsets are fractions of a cell; a network may miss by as much again. */
const WITHIN = 2;

function roles([heatmap, sizes, offsets]: string[], because: string): Roles {
  return { heatmap: heatmap!, sizes: sizes!, offsets: offsets ?? null, because };
}
