import { SigboxError } from '../../errors.js';
import type { Tensor } from '../../types/model.js';
import { tableOf } from '../evidence/layout/table.js';
import { boxForm } from '../evidence/values/box-form.js';
import { areScores, rangeOf } from '../evidence/values/ranges.js';
import {
  type Evidence,
  type FamilyInput,
  IMAGENET,
  type Recogniser,
  type Recognition,
  settled,
} from '../recognition.js';

/**
 * SSD whose boxes are fractions of the input: the ONNX model zoo's (ssd-10, ssd-12), finished; and the one of
 * qfgaohao/pytorch-ssd and its kin (jetson-inference, UltraFace), with scores of every row after their softmax.
 *
 * Source: ssd/README.md of the ONNX model zoo; vision.ssd.ssd (forward with is_test) of qfgaohao/pytorch-ssd;
 * run_video_face_detect_onnx.py of Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB.
 */
export const classicSsd: Recogniser = async (evidence) => (await finished(evidence)) ?? (await perRow(evidence));

const ZOO: FamilyInput = {
  ...IMAGENET,
  fit: 'stretch',
  interpolation: 'antialias',
  padValue: 0,
  size: [1200, 1200],
};

/** Source: vision.ssd.config.mobilenetv1_ssd_config; UltraFace's demos do the same. */
const MOBILENET: FamilyInput = {
  channels: 'rgb',
  scale: 1,
  mean: [127, 127, 127],
  std: [128, 128, 128],
  fit: 'stretch',
  interpolation: 'bilinear',
  padValue: 0,
  size: [300, 300],
};

/** Source: vision.ssd.config.vgg_ssd_config. */
const VGG: FamilyInput = { ...MOBILENET, mean: [123, 117, 104], std: [1, 1, 1] };
const VGG_ROWS = 8732;

/** Boxes [1, k, 4], labels and scores [1, k]. */
async function finished(evidence: Evidence): Promise<Recognition | null> {
  const { inputs, outputs, image } = evidence;
  if (inputs.length !== 1 || outputs.length !== 3 || image.width === null) return null;
  const boxes = outputs.find(({ dims }) => dims.length === 3 && dims[2] === 4);
  const scores = outputs.find(({ type, dims }) => dims.length === 2 && type.startsWith('float'));
  const classes = outputs.find(({ type, dims }) => dims.length === 2 && type.startsWith('int'));
  if (boxes === undefined || scores === undefined || classes === undefined) return null;
  const run = await evidence.probe(ZOO);
  const { high, text } = rangeOf(run[boxes.name]!.data);
  if (high > 1.5) return null;
  const unit = high === Number.NEGATIVE_INFINITY ? 'a run finds nothing: usual for the family' : `a run gives ${text}`;
  const published = image.width === 1200 && image.height === 1200;
  const fromZero = run[classes.name]!.data.some((id, i) => id === 0 && run[scores.name]!.data[i]! > 0.3);
  return {
    family: 'SSD',
    head: {
      family: 'parts',
      boxes: boxes.name,
      scores: scores.name,
      classes: classes.name,
      count: null,
      boxFormat: 'xyxy',
      boxUnit: 'input-fractions',
    },
    input: ZOO,
    classes: published && evidence.given.names === null ? 81 : null,
    ...(fromZero ? {} : { background: 'first' as const }),
    decisions: [
      settled('family', 'SSD', 'boxes as fractions, whole labels and scores, each [1, k, …]'),
      settled('head.boxUnit', 'input-fractions', unit),
      fromZero
        ? settled('class numbers', 'from 0', 'class 0 is found in a run')
        : settled(
            'class numbers',
            'from 1',
            'class 0 is the background, as in the SSD of MLPerf and the ONNX model zoo',
          ),
    ],
  };
}

/** Scores [1, n, classes] and boxes [1, n, 4]. */
async function perRow(evidence: Evidence): Promise<Recognition | null> {
  const { outputs, image } = evidence;
  const [a, b] = outputs;
  if (image.width === null) return null; // all exports fix it, since their anchors depend on it
  if (outputs.length !== 2 || a!.dims.length !== 3 || b!.dims.length !== 3 || a!.dims[1] !== b!.dims[1]) return null;
  if (a!.dims[2] !== 4 && b!.dims[2] !== 4) return null;
  const run = await evidence.probe(a!.dims[1] === VGG_ROWS ? VGG : MOBILENET);
  const [scores, boxes] = sumToOne(run[a!.name]!) ? [a!, b!] : [b!, a!];
  const [, rows, classes] = run[scores.name]!.dims as [number, number, number];
  if (!sumToOne(run[scores.name]!) || classes < 2 || run[boxes.name]!.dims[2] !== 4) return null;
  if (
    boxForm(
      { table: tableOf(run[boxes.name]!, 'rows'), first: 0, grid: null, size: evidence.sizeOf(MOBILENET) },
      'xyxy',
    )?.boxFormat !== 'xyxy'
  ) {
    throw undecodedBoxes(evidence, boxes.name);
  }
  const { high, text } = rangeOf(run[boxes.name]!.data);
  const unit = high <= LARGEST_FRACTION ? 'input-fractions' : 'input-pixels';
  const family = 'SSD (pytorch-ssd, UltraFace)';
  const { input, because } = rows === VGG_ROWS ? OF_VGG : OF_OTHERS;
  const layout = { layout: 'rows', activation: 'none', boxFormat: 'xyxy', suppress: true } as const;
  return {
    family,
    head: { family: 'boxes-scores', boxes: boxes.name, scores: scores.name, ...layout, boxUnit: unit },
    input,
    classes,
    background: 'first',
    decisions: [
      settled('family', family, `in a run the ${classes} scores of each of ${rows} rows add up to 1`),
      settled('head.activation', 'none', 'the graph has done the softmax'),
      settled('head.boxUnit', unit, `coordinates of a run go from ${text}`),
      settled('labels', 'from 1', 'column 0 of a softmax is the background'),
      settled('input.mean', input.mean.join(', '), because),
    ],
  };
}

const OF_VGG = { input: VGG, because: `${VGG_ROWS} rows are those of VGG` };
const OF_OTHERS = { input: MOBILENET, because: 'usual but for VGG' };

/** Boxes of anchors may reach far over the edge. */
const LARGEST_FRACTION = 4;

function undecodedBoxes({ file }: Evidence, boxes: string): SigboxError {
  const message =
    `model ${file}: "${boxes}" holds offsets to anchors, not boxes: in a run many of them end before they begin. The file ` +
    'does not hold the anchors. Export the model with its boxes decoded (UltraFace: without "_without_postprocessing").';
  return new SigboxError('E_MODEL', message);
}

function sumToOne({ data, dims }: Tensor): boolean {
  const columns = dims.at(-1)!;
  if (columns < 2 || data.length === 0 || !areScores(data)) return false;
  for (let at = 0; at < data.length; at += columns) {
    const sum = data.subarray(at, at + columns).reduce((total, value) => total + value, 0);
    if (Math.abs(sum - 1) > 1e-3) return false; // float32 sums of up to a thousand columns
  }
  return true;
}
