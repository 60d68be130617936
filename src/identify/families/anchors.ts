import type { AnchorDeltasHeadSpec } from '../../heads/contracts/anchor-deltas.js';
import type { Tensors } from '../../types/model.js';
import { cellsOf } from '../evidence/layout/cells.js';
import { activationInRun, rangeOf } from '../evidence/values/ranges.js';
import {
  type Evidence,
  type FamilyInput,
  IMAGENET,
  type Recogniser,
  type Recognition,
  settled,
} from '../recognition.js';
import { undecided } from '../refusal.js';
import { intoFile } from '../sidecars/preprocessor.js';

/**
 * RetinaNet and EfficientDet whose graph leaves boxes as they are against nine anchors per cell: outputs per level (the
 * ONNX model zoo's RetinaNet; effdet), or one for all levels (zylo117's EfficientDet).
 *
 * Source: retinanet/README.md of the ONNX model zoo and NVIDIA/retinanet-examples; effdet.efficientdet;
 * efficientdet/model.py of zylo117/Yet-Another-EfficientDet-Pytorch.
 */
export const anchors: Recogniser = async (evidence) => (await perLevel(evidence)) ?? (await joined(evidence));

const PER_CELL = 9;
const LEVELS = [8, 16, 32, 64, 128];
const SIX_LEVELS = [...LEVELS, 256];

/** Zeros behind ImageNet's mean: a grey of about 116. */
const RETINANET: FamilyInput = {
  ...IMAGENET,
  fit: 'shortest-edge',
  interpolation: 'antialias',
  padValue: 116,
  size: [1333, 800],
  multipleOf: 128,
};

/** Source: effdet.data.transforms (resize_pad, mean fill); efficientdet/utils aspectaware_resize_padding. */
const EFFICIENTDET: FamilyInput = {
  ...IMAGENET,
  fit: 'letterbox-top-left',
  rounding: 'cut',
  interpolation: 'antialias',
  padValue: 116,
  size: [512, 512],
};

/** [1, 9 · classes, height, width] of all levels, then [1, 36, height, width]. */
async function perLevel(evidence: Evidence): Promise<Recognition | null> {
  const { outputs, image } = evidence;
  const levels = outputs.length / 2;
  const channels = channelsOf(outputs.slice(0, levels));
  if ((levels !== 5 && levels !== 6) || channels === null || channelsOf(outputs.slice(levels)) !== 4 * PER_CELL) {
    return null;
  }
  const names = outputs.map(({ name }) => name);
  const [scores, deltas] = [names.slice(0, levels), names.slice(levels)];
  const open = image.width === null && image.height === null;
  const run = await evidence.probe(open ? RETINANET : EFFICIENTDET);
  const activation = activationInRun(scores.map((name) => run[name]!.data));
  const isRetinaNet = activation.value === 'none';
  const [family, order] = isRetinaNet ? (['RetinaNet', 'xywh'] as const) : (['EfficientDet', 'yxhw'] as const);
  const { set, because, warnings } = isRetinaNet ? ZOO_ANCHORS : efficientDetAnchors(evidence, levels);
  const strides = levels === 5 ? LEVELS : SIX_LEVELS;
  const shape = `${levels} outputs of scores and ${levels} of boxes, for nine anchors per cell; ${activation.because}`;
  const common = { family: 'anchor-deltas', layout: 'maps', activation: activation.value } as const;
  return {
    family,
    head: { ...common, scores, deltas, order, strides, anchors: set },
    input: isRetinaNet ? intoFile(image, RETINANET) : EFFICIENTDET,
    classes: channels / PER_CELL,
    cocoIds: !isRetinaNet && channels === PER_CELL * COCO_IDS,
    decisions: [
      settled('family', family, shape),
      settled(
        'head.activation',
        activation.value,
        `RetinaNet gives probabilities, effdet logits; ${activation.because}`,
      ),
      settled('head.order', order, `usual for ${family}`),
      settled('head.anchors', set, because),
    ],
    warnings,
  };
}

/** The channels of maps [1, channels, height, width], where all have as many; nine anchors share them. */
function channelsOf(maps: Evidence['outputs']): number | null {
  const channels = maps[0]?.dims[1];
  if (typeof channels !== 'number' || channels <= 0 || channels % PER_CELL !== 0) return null;
  return maps.every(({ dims }) => dims.length === 4 && dims[1] === channels) ? channels : null;
}

const ZOO_ANCHORS = { set: 'retinanet', because: 'the ONNX model zoo’s', warnings: [] as string[] } as const;

/** COCO's ids from 1 to 90, with gaps. */
const COCO_IDS = 90;

interface Anchors {
  set: 'efficientdet' | 'efficientdet-d7' | 'efficientdet-lite';
  because: string;
  warnings: string[];
}

/** By size: most models have one of their own. Source: effdet.config.model_config. */
function efficientDetAnchors({ sizeOf, given }: Evidence, levels: number): Anchors {
  const { width, height } = sizeOf(EFFICIENTDET);
  const side = Math.max(width, height);
  // D7x has D7's size and the anchors of the others, and a level more.
  if (side === D7_SIZE && levels === 5) return { set: 'efficientdet-d7', because: `its size is ${side}`, warnings: [] };
  if (LITE_SIZES.includes(side)) return { set: 'efficientdet-lite', because: `its size is ${side}`, warnings: [] };
  const warning =
    `TensorFlow’s EfficientDet-Lite has other anchors than the rest, and size ${side} as well: if this is one of them, ` +
    'a spec {"head":{"anchors":"efficientdet-lite"}} says so.';
  const open = SHARED_SIZES.includes(side) && given.head.anchors === undefined;
  return { set: 'efficientdet', because: 'usual for EfficientDet', warnings: open ? [warning] : [] };
}

const D7_SIZE = 1536;
/** Lite 0 and 2. */
const LITE_SIZES = [320, 448];
/** Lite 1 and 3x, and others. */
const SHARED_SIZES = [384, 640];

/** Scores [1, n, classes] and boxes [1, n, 4] of all levels; the anchors may come along as [1, n, 4]. */
async function joined(evidence: Evidence): Promise<Recognition | null> {
  const { width, height } = evidence.sizeOf(EFFICIENTDET);
  const strides = [LEVELS, SIX_LEVELS].find((list) => {
    const rows = PER_CELL * cellsOf(width, height, list);
    return evidence.outputs.filter(({ dims }) => dims.length === 3 && dims[1] === rows).length > 1;
  });
  if (strides === undefined) return null;
  const rows = PER_CELL * cellsOf(width, height, strides);
  const run = await evidence.probe(EFFICIENTDET);
  const names = namesOf(evidence, run, rows);
  const classes = run[names.scores]!.dims[2]!;
  const activation = activationInRun([run[names.scores]!.data]);
  const { set, because, warnings } = efficientDetAnchors(evidence, strides.length);
  const head: AnchorDeltasHeadSpec = {
    family: 'anchor-deltas',
    scores: [names.scores],
    deltas: [names.deltas],
    layout: 'rows',
    activation: activation.value,
    order: 'yxhw',
    strides: [...strides],
    anchors: set,
  };
  return {
    family: 'EfficientDet',
    head,
    input: EFFICIENTDET,
    classes,
    cocoIds: classes === COCO_IDS,
    decisions: [
      settled('family', 'EfficientDet', `${rows} rows are nine for each cell of strides ${strides.join(', ')}`),
      settled('head.deltas', names.deltas, names.because),
      settled('head.activation', activation.value, activation.because),
      settled('head.order', 'yxhw', 'usual for EfficientDet'),
      settled('head.anchors', set, because),
    ],
    warnings,
  };
}

/** Which output is which: by width; where several are four wide, by the user or by values. */
function namesOf(evidence: Evidence, run: Tensors, rows: number): { scores: string; deltas: string; because: string } {
  const dense = Object.keys(run).filter((name) => run[name]!.dims.length === 3 && run[name]!.dims[1] === rows);
  const { scores, deltas } = evidence.given.head;
  const [givenScores, givenDeltas] = [scores, deltas].map((list) => dense.find((name) => [list].flat().includes(name)));
  if (givenScores !== undefined && givenDeltas !== undefined) {
    return { scores: givenScores, deltas: givenDeltas, because: 'given' };
  }
  // Anchors are pixels of the input, far from the small numbers that move and stretch them.
  const four = dense.filter((name) => run[name]!.dims[2] === 4 && rangeOf(run[name]!.data).high < PIXELS);
  const others = dense.filter((name) => run[name]!.dims[2] !== 4);
  if (four.length === 1 && others.length === 1) {
    return { scores: others[0]!, deltas: four[0]!, because: 'the one of four numbers a row that are no pixels' };
  }
  const probable = four.filter((name) => activationInRun([run[name]!.data]).value === 'none');
  if (four.length === 2 && others.length === 0 && probable.length === 1) {
    const because = 'of two outputs of four numbers a row, the other one holds probabilities';
    return { scores: probable[0]!, deltas: four.find((name) => name !== probable[0])!, because };
  }
  const settles = 'A spec {"head":{"scores":["…"],"deltas":["…"]}} with the names of the outputs';
  throw undecided(evidence, `nothing tells which of outputs "${dense.join('", "')}" are scores and boxes`, settles);
}

/** No delta of a trained model is as large; anchors near the right edge are larger at every input size. */
const PIXELS = 100;
