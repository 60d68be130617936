import type { DflHeadSpec } from '../../heads/contracts/dfl.js';
import type { Tensors } from '../../types/model.js';
import { cellsOf, STRIDES } from '../evidence/layout/cells.js';
import { activationInRun, areScores } from '../evidence/values/ranges.js';
import {
  type Evidence,
  type FamilyInput,
  IMAGENET,
  type Recogniser,
  type Recognition,
  settled,
} from '../recognition.js';
import { undecided } from '../refusal.js';

/**
 * Detectors whose graph leaves the distributions of box edges to the caller: NanoDet (three levels) and PicoDet (four)
 * with an output of scores and one of distributions per level; NanoDet-Plus and later NanoDet with one output.
 *
 * Source: nanodet.model.head (gfl_head, nanodet_plus_head); ppdet.modeling.heads.pico_head of PaddleDetection.
 */
export const distribution: Recogniser = async (evidence) => (await perLevel(evidence)) ?? (await joined(evidence));

const FOUR_STRIDES = [...STRIDES, 64];

/** BGR, ImageNet's mean and deviation, stretched. Source: keep_ratio and normalize in NanoDet-Plus's configs. */
const NANODET_PLUS: FamilyInput = {
  channels: 'bgr',
  scale: 1,
  mean: [103.53, 116.28, 123.675],
  std: [57.375, 57.12, 58.395],
  fit: 'stretch',
  interpolation: 'bilinear-warp',
  padValue: 0,
  size: [320, 320],
};

/** It keeps the aspect. Source: config/legacy_v0.x_configs of NanoDet; preprocess of demo_mnn/python/demo_mnn.py. */
const NANODET: FamilyInput = { ...NANODET_PLUS, fit: 'letterbox' };

/** Source: configs/picodet/_base_/picodet_320_reader.yml of PaddleDetection. */
const PICODET: FamilyInput = {
  ...IMAGENET,
  fit: 'stretch',
  interpolation: 'bicubic',
  padValue: 0,
  size: [320, 320],
};

/** Scores and distributions apart, a pair of outputs with equally many rows for each level. */
async function perLevel(evidence: Evidence): Promise<Recognition | null> {
  const { outputs } = evidence;
  const strides = [STRIDES, FOUR_STRIDES].find((levels) => outputs.length === 2 * levels.length);
  if (strides === undefined || outputs.some(({ dims }) => dims.length !== 3 && dims.length !== 2)) return null;
  const family = strides.length === 3 ? 'NanoDet' : 'PicoDet';
  const input = strides.length === 3 ? NANODET : PICODET;
  if (!couldHaveRows(evidence, input, strides)) return null;
  const run = await evidence.probe(input);
  const pairs = pairsOf(run, evidence.sizeOf(input), strides);
  if (pairs === null) return null;
  const parts = pairs.map((pair) => partsOf(evidence, run, pair));
  const [scores, distances] = [parts.map((part) => part.scores), parts.map((part) => part.distances)];
  const [classes, width] = [run[scores[0]!]!.dims.at(-1)!, run[distances[0]!]!.dims.at(-1)!];
  const alike = parts.every(
    (part) => run[part.scores]!.dims.at(-1) === classes && run[part.distances]!.dims.at(-1) === width,
  );
  if (!alike || width % 4 !== 0) return null;
  const activation = activationInRun(scores.map((name) => run[name]!.data));
  const rows = pairs.map(([name]) => run[name]!.dims.at(-2)).join(', ');
  return {
    family,
    head: {
      family: 'dfl',
      scores,
      distances,
      activation: activation.value,
      strides: [...strides],
      bins: width / 4,
      centre: 0.5,
    },
    input,
    classes,
    decisions: [
      settled('family', family, `pairs of outputs with ${rows} rows: cells of strides ${strides.join(', ')}`),
      settled('head.distances', distances.join(', '), parts[0]!.because),
      settled('head.bins', `${width / 4}`, `${width} numbers for four edges`),
      settled('head.activation', activation.value, activation.because),
      settled('head.centre', '0.5', `${family} counts from the middle of a cell`),
    ],
  };
}

/** Whether the dims that the file declares leave room for a row per cell. */
function couldHaveRows({ outputs, sizeOf }: Evidence, input: FamilyInput, strides: readonly number[]): boolean {
  const { width, height } = sizeOf(input);
  const cells = strides.map((stride) => cellsOf(width, height, [stride]));
  return outputs.every(({ dims }) => {
    const rows = dims.at(-2);
    return typeof rows !== 'number' || rows < 0 || cells.includes(rows);
  });
}

type Pair = [name: string, other: string];

function pairsOf(run: Tensors, size: { width: number; height: number }, strides: readonly number[]): Pair[] | null {
  const pairs = strides.map((stride) => {
    const cells = cellsOf(size.width, size.height, [stride]);
    return Object.keys(run).filter((name) => run[name]!.dims.at(-2) === cells);
  });
  return pairs.every((pair) => pair.length === 2) ? (pairs as Pair[]) : null;
}

interface Parts {
  scores: string;
  distances: string;
  because: string;
}

/** Which of a pair is which: by values, since names lie; by width where the graph leaves scores as logits. */
function partsOf(evidence: Evidence, run: Tensors, [a, b]: Pair): Parts {
  const { scores, distances } = evidence.given.head;
  const listed = (list: unknown, name: string) => Array.isArray(list) && list.includes(name);
  if (listed(scores, a) || listed(distances, b)) return { scores: a, distances: b, because: 'given' };
  if (listed(scores, b) || listed(distances, a)) return { scores: b, distances: a, because: 'given' };
  const [ofA, ofB] = [areScores(run[a]!.data), areScores(run[b]!.data)];
  const because = 'of each pair, the other one holds nothing but numbers from 0 to 1';
  if (ofA !== ofB) return ofA ? { scores: a, distances: b, because } : { scores: b, distances: a, because };
  const [widthA, widthB] = [run[a]!.dims.at(-1), run[b]!.dims.at(-1)];
  const usual = `${USUAL_WIDTH} numbers are four edges of 8 bins, as in every published model`;
  if (widthA !== widthB && widthB === USUAL_WIDTH) return { scores: a, distances: b, because: usual };
  if (widthA !== widthB && widthA === USUAL_WIDTH) return { scores: b, distances: a, because: usual };
  const settles = 'A spec {"head":{"scores":[…],"distances":[…]}} with the names of the outputs';
  throw undecided(evidence, `nothing tells which of outputs "${a}" and "${b}" holds the scores`, settles);
}

const USUAL_WIDTH = 32;

/** One output: of each cell the scores, then the distributions. */
async function joined(evidence: Evidence): Promise<Recognition | null> {
  const [output, second] = evidence.outputs;
  if (output === undefined || second !== undefined || output.dims.length !== 3) return null;
  const { width, height } = evidence.sizeOf(NANODET);
  const [, rows, columns] = output.dims;
  const strides = [FOUR_STRIDES, STRIDES].find((levels) => cellsOf(width, height, levels) === rows);
  if (strides === undefined || (typeof columns === 'number' && columns <= 8)) return null;
  const { data, dims } = (await evidence.probe(NANODET))[output.name]!;
  const split = splitColumns(data, dims[2]!, evidence.given.names);
  if (split === null) return null;
  const plus = strides.length === 4;
  const family = plus ? 'NanoDet-Plus' : 'NanoDet';
  const head: DflHeadSpec = {
    family: 'dfl',
    scores: [output.name],
    distances: [output.name],
    activation: 'none',
    strides: [...strides],
    bins: split.bins,
    centre: plus ? 0 : 0.5,
  };
  const seen = `in a run its first ${split.classes} columns go from 0 to 1, the others further`;
  return {
    family,
    head,
    input: plus ? NANODET_PLUS : NANODET,
    classes: split.classes,
    decisions: [
      settled('family', family, `${rows} rows are the cells of strides ${strides.join(', ')}; ${seen}`),
      settled('head.bins', `${split.bins}`, `${4 * split.bins} columns behind the scores, for four edges`),
      settled('head.activation', 'none', seen),
      settled('head.centre', `${head.centre}`, `${family} counts from the ${plus ? 'corner' : 'middle'} of a cell`),
    ],
  };
}

/** Scores go from 0 to 1, logits of distributions anywhere; eight bins unless the values speak against them. */
function splitColumns(data: Float32Array, columns: number, names: number | null) {
  const leading = leadingProbabilities(data, columns);
  const wanted = names ?? (leading >= columns - USUAL_WIDTH ? columns - USUAL_WIDTH : leading);
  const rest = columns - wanted;
  if (wanted < 1 || wanted > leading || rest < 8 || rest % 4 !== 0) return null;
  const outside = Array.from({ length: rest }, (_, k) => !columnIsProbability(data, columns, wanted + k));
  return outside.filter(Boolean).length > rest / 2 ? { classes: wanted, bins: rest / 4 } : null;
}

function leadingProbabilities(data: Float32Array, columns: number): number {
  for (let column = 0; column < columns; column++) if (!columnIsProbability(data, columns, column)) return column;
  return columns;
}

function columnIsProbability(data: Float32Array, columns: number, column: number): boolean {
  return areScores(data.filter((_, i) => i % columns === column));
}
