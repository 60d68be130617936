import type { HeadSpec } from '../../heads/index.js';
import type { Tensors } from '../../types/model.js';
import { type LevelGroup, type LevelOutput, levelGroups } from '../evidence/layout/levels.js';
import { areDistributions } from '../evidence/values/distributions.js';
import { activationInRun } from '../evidence/values/ranges.js';
import { type Evidence, type FamilyInput, type Recogniser, type Recognition, RGB255, settled } from '../recognition.js';
import { leftOut } from '../refusal.js';
import { LETTERBOX, YOLOX } from './yolo-inputs.js';

/**
 * Detectors that give several outputs for each level: YOLOv8 for RKNN and Hailo (distributions and scores, perhaps their
 * sum), YOLOX for Hailo and of MMDetection (boxes, objectness and scores), the face detectors YuNet and SCRFD.
 *
 * Source: yolov8 of airockchip/rknn_model_zoo (post_process); YOLOXHead of MMDetection; FaceDetectorYN of OpenCV;
 * scrfd.py of InsightFace's python-package.
 */
export const levels: Recogniser = async (evidence) => {
  const { outputs } = evidence;
  if (outputs.length < 4 || outputs.some(({ type, dims }) => !type.startsWith('float') || dims.length > 4)) return null;
  const run = await evidence.probe(LETTERBOX);
  const groups = levelGroups(run, evidence.sizeOf(LETTERBOX));
  if (groups === null || groups.length > 5) return null;
  const found = { evidence, run, groups, strides: groups.map(([first]) => first!.stride) };
  return distributed(found) ?? yoloxParts(found) ?? scrfd(found);
};

interface Found {
  evidence: Evidence;
  run: Tensors;
  groups: LevelGroup[];
  strides: number[];
}

/** The one output of each level with so many numbers per row; null where there is none, or several. */
function ofWidth(groups: readonly LevelGroup[], fits: (output: LevelOutput) => boolean): LevelOutput[] | null {
  const found = groups.map((group) => group.filter(fits));
  return found.every(({ length }) => length === 1) ? found.map(([only]) => only!) : null;
}

const names = (outputs: readonly LevelOutput[]) => outputs.map(({ name }) => name);
const quoted = (outputs: readonly LevelOutput[]) => outputs.map(({ name }) => `"${name}"`).join(', ');

/** A DFL head of 16 bins, or of 17: four times as many numbers. */
const WIDTHS = [64, 68];

function distributed({ run, groups, strides }: Found): Recognition | null {
  const distances = ofWidth(groups, ({ width, perCell }) => WIDTHS.includes(width) && perCell === 1);
  const others = groups.map((group) => group.filter(({ name }) => distances?.every((output) => output.name !== name)));
  const scores = others.map(scoresOf);
  if (distances === null || !scores.every((output) => output !== null)) return null;
  const [{ width, layout }, { width: classes }] = [distances[0]!, scores[0]!];
  const tensors = names(distances).map((name) => run[name]!);
  const seen = areDistributions(tensors, { width, first: 0, bins: width / 4, layout });
  if (!seen.holds) return null;
  const activation = activationInRun(names(scores).map((name) => run[name]!.data));
  const family = 'YOLOv8, an output per level';
  const head: HeadSpec = {
    family: 'dfl',
    ...{ scores: names(scores), distances: names(distances), layout, strides },
    ...{ activation: activation.value, bins: width / 4, centre: 0.5 },
  };
  return {
    family,
    head,
    input: LETTERBOX,
    classes,
    decisions: [
      settled(
        'family',
        family,
        `levels of strides ${strides.join(', ')} with ${width} numbers per cell: ${seen.because}`,
      ),
      settled('head.activation', activation.value, activation.because),
    ],
  };
}

/** Scores, and perhaps their sum, which RKNN's program looks at first; with one class the two are alike. */
function scoresOf(outputs: readonly LevelOutput[]): LevelOutput | null {
  const [first, second, ...more] = outputs;
  if (first === undefined || more.length > 0) return null;
  if (second === undefined || second.width === 1) return first;
  return first.width === 1 ? second : null;
}

/** OpenCV's FaceDetectorYN takes the picture as OpenCV reads it, in any size. */
const YUNET: FamilyInput = {
  ...RGB255,
  channels: 'bgr',
  fit: 'letterbox-top-left',
  interpolation: 'bilinear',
  padValue: 0,
};

function yoloxParts({ run, groups, strides }: Found): Recognition | null {
  const boxes = ofWidth(groups, ({ width, perCell }) => width === 4 && perCell === 1);
  const points = ofWidth(groups, ({ width }) => width === 10);
  const used = [...(boxes ?? []), ...(points ?? [])];
  const rest = groups.map((group) => group.filter((output) => !used.includes(output)));
  if (boxes === null || rest.some(({ length }) => length !== 2)) return null;
  const parts = rest.map(partsOf);
  if (!parts.every((part) => part !== null)) return null;
  const [objectness, scores] = [parts.map((part) => part.objectness), parts.map((part) => part.scores)];
  const classes = scores[0]!.width;
  const named = names([...objectness, ...scores, ...boxes]).every((name) => /^(cls|obj|bbox)_\d+$/.test(name));
  const isYuNet = named && classes === 1;
  const numbers = [...objectness, ...scores].map(({ name }) => run[name]!.data);
  const activation = activationInRun(numbers);
  const family = isYuNet ? 'YuNet' : 'YOLOX, an output per level';
  return {
    family,
    head: {
      family: 'yolox-levels',
      ...{ boxes: names(boxes), objectness: names(objectness), scores: names(scores) },
      ...{ layout: boxes[0]!.layout, strides, activation: activation.value },
      combine: isYuNet ? 'root' : 'product',
    },
    input: isYuNet ? YUNET : YOLOX,
    classes,
    ...(isYuNet ? FACES : {}),
    decisions: [
      settled(
        'family',
        family,
        `levels of strides ${strides.join(', ')} with boxes, objectness and ${classes} scores each`,
      ),
      settled('head.activation', activation.value, activation.because),
    ],
    warnings: points === null ? [] : [leftOut('key points', quoted(points))],
  };
}

/** Which of two is the objectness: one number per row, and by its name where both have one. */
function partsOf([a, b]: LevelGroup): { objectness: LevelOutput; scores: LevelOutput } | null {
  if (a === undefined || b === undefined || (a.width !== 1 && b.width !== 1)) return null;
  const isObjectness = a.width === 1 && (b.width !== 1 || !/obj/i.test(b.name));
  return isObjectness ? { objectness: a, scores: b } : { objectness: b, scores: a };
}

/** Source: SCRFD.forward in scrfd.py of InsightFace: blobFromImage with 1/128, 127.5 and swapRB; top left on black. */
const SCRFD: FamilyInput = {
  ...RGB255,
  mean: [127.5, 127.5, 127.5],
  std: [128, 128, 128],
  fit: 'letterbox-top-left',
  rounding: 'down',
  interpolation: 'bilinear',
  padValue: 0,
};

const FACES = { names: { from: 'what it is trained for', names: new Map([[0, 'face']]) } };

/** Two anchors per cell, one score each, distances in strides, and perhaps five points. */
function scrfd({ run, groups, strides }: Found): Recognition | null {
  const alike = (wanted: number) =>
    ofWidth(groups, ({ width, perCell, layout }) => width === wanted && perCell === 2 && layout === 'rows');
  const [scores, distances, points] = [alike(1), alike(4), alike(10)];
  const count = points === null ? 2 : 3;
  if (scores === null || distances === null || groups.some(({ length }) => length !== count)) return null;
  const activation = activationInRun(names(scores).map((name) => run[name]!.data));
  const family = 'SCRFD';
  return {
    family,
    head: {
      family: 'dfl',
      ...{ scores: names(scores), distances: names(distances), layout: 'rows', strides, perCell: 2 },
      ...{ activation: activation.value, bins: 1, centre: 0 },
    },
    input: SCRFD,
    classes: 1,
    ...FACES,
    decisions: [
      settled(
        'family',
        family,
        `two rows for each cell of strides ${strides.join(', ')}, with one score and four distances`,
      ),
      settled('head.activation', activation.value, activation.because),
    ],
    warnings: points === null ? [] : [leftOut('key points', quoted(points))],
  };
}
