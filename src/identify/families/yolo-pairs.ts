import { type Grid, gridOf } from '../evidence/layout/dense-layout.js';
import { activationOf, dimsOf, type Table, tableOf } from '../evidence/layout/table.js';
import { boxForm } from '../evidence/values/box-form.js';
import { isNoScore } from '../evidence/values/ranges.js';
import { type Evidence, type FamilyInput, type Recogniser, RGB255, settled } from '../recognition.js';
import { SeveralReadings } from '../refusal.js';
import { nasInput } from './yolo-finished.js';
import { LETTERBOX, STRETCH } from './yolo-inputs.js';

/** Source: DAMO-YOLO, damo/dataset/transforms: pixel values as they are, padded with 0 right and below. */
const DAMO: FamilyInput = {
  ...RGB255,
  fit: 'letterbox-top-left',
  rounding: 'down',
  interpolation: 'bilinear',
  padValue: 0,
};

/**
 * YOLOs with decoded boxes in one output and their scores in another: DAMO-YOLO, YOLO-NAS, YOLOv4 from PyTorch.
 *
 * Source: forward of DAMO-YOLO's ZeroHead, super-gradients' NDFLHeads, and pytorch-YOLOv4's Yolov4Head in their exports.
 */
export const yoloPairs: Recogniser = async (evidence) => {
  const pair = await pairOf(evidence);
  if (pair === null) return null;
  const { boxes, scores, grid } = pair;
  const { family, input, because, warnings = [] } = familyOf(evidence, pair);
  const run = await evidence.probe(input);
  const table = tableOf(run[scores]!, 'rows');
  const { activation, decision } = activationOf(evidence, table, 0);
  const cells = grid.perCell === 1 ? grid : null; // YOLOv4's rows may stand in another order
  const boxTable = tableOf(run[boxes]!, 'rows');
  const form = boxForm({ table: boxTable, first: 0, grid: cells, size: evidence.sizeOf(input) }, 'xyxy');
  if (form === null) return null;
  return {
    family,
    head: {
      family: 'boxes-scores',
      boxes,
      scores,
      layout: 'rows',
      activation,
      boxFormat: form.boxFormat,
      boxUnit: form.boxUnit,
      suppress: true,
    },
    input,
    classes: table.width,
    decisions: [
      settled('family', family, `boxes and scores for each cell of strides ${grid.strides.join(', ')}; ${because}`),
      decision,
      ...form.decisions,
    ],
    warnings: 'fit' in evidence.given.input ? [] : warnings,
  };
};

interface Pair {
  boxes: string;
  scores: string;
  boxesFirst: boolean;
  grid: Grid;
}

async function pairOf(evidence: Evidence): Promise<Pair | null> {
  const { outputs } = evidence;
  if (outputs.length !== 2 || outputs.some(({ dims }) => dims.length < 3 || dims.length > 4)) return null;
  const shapes = await Promise.all(outputs.map((output) => dimsOf(evidence, output, LETTERBOX)));
  const size = evidence.sizeOf(LETTERBOX);
  const [a, b] = shapes as [readonly number[], readonly number[]];
  const grid = gridOf(a[1]!, size);
  if (grid === null || a[1] !== b[1]) return null;
  const isBoxes = (dims: readonly number[]) => dims.at(-1) === 4 && (dims.length === 3 || dims[2] === 1);
  const [first, second] = [isBoxes(a), isBoxes(b)];
  const boxesFirst = first && second ? await holdsBoxes(evidence, outputs[0]!.name) : first;
  if (!(boxesFirst ? first && b.length === 3 : second && a.length === 3)) return null;
  const [boxes, scores] = boxesFirst ? outputs : [outputs[1], outputs[0]];
  return { boxes: boxes!.name, scores: scores!.name, boxesFirst, grid };
}

/** Four classes: boxes leave the range of scores. */
async function holdsBoxes({ probe }: Evidence, output: string): Promise<boolean> {
  const table: Table = tableOf((await probe(LETTERBOX))[output]!, 'rows');
  for (let row = 0; row < table.rows; row++) {
    for (let k = 0; k < 4; k++) if (isNoScore(table.at(row, k))) return true;
  }
  return false;
}

interface Family {
  family: string;
  input: FamilyInput;
  because: string;
  warnings?: string[];
}

function familyOf(evidence: Evidence, { boxesFirst, grid }: Pair): Family {
  if (grid.perCell === 3) {
    const known = evidence.outputs.some(({ name }) => name === 'confs'); // as pytorch-YOLOv4 calls them
    const warnings = known ? [] : [assumed('YOLOv4, which stretches it')];
    return { family: 'YOLOv4', input: STRETCH, because: 'three anchors per cell', warnings };
  }
  if (boxesFirst) {
    const because = 'boxes come first';
    return { family: 'YOLO-NAS', input: nasInput(evidence), because, warnings: [assumed('YOLO-NAS')] };
  }
  const because = 'scores come first, and a softmax over distances is in the graph';
  if (evidence.operators.has('Softmax')) {
    return { family: 'DAMO-YOLO', input: DAMO, because, warnings: [assumed('DAMO-YOLO')] };
  }
  const { channels, scale, mean, std, fit } = evidence.given.input;
  if ([channels, scale, mean, std, fit].every((value) => value !== undefined)) {
    return { family: 'YOLO', input: LETTERBOX, because: 'the spec says how its picture is prepared' };
  }
  const open =
    'scores and boxes of every cell are DAMO-YOLO’s or another YOLO’s, which prepare their pictures in other ways';
  throw new SeveralReadings(open, [
    { spec: { input: preparation(DAMO) }, means: 'DAMO-YOLO' },
    { spec: { input: preparation(LETTERBOX) }, means: 'YOLOv5 and later' },
  ]);
}

function preparation({ channels, scale, mean, std, fit }: FamilyInput) {
  return { channels, scale, mean, std, fit };
}

function assumed(family: string): string {
  return (
    `The file does not say how its picture is prepared: it is taken for ${family}. A spec ` +
    '{"input":{"channels":…,"scale":…,"mean":[…],"std":[…],"fit":…}} says otherwise.'
  );
}
