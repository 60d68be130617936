import type { PartsHeadSpec } from '../../heads/contracts/parts.js';
import { namedClasses } from '../named-classes.js';
import { type Evidence, type FamilyInput, type Recogniser, type Recognition, RGB01, settled } from '../recognition.js';
import { leftOut } from '../refusal.js';
import { intoFile } from '../sidecars/preprocessor.js';

/**
 * torchvision's detectors, exported whole: RetinaNet, FCOS and SSD (boxes, scores, labels), Faster R-CNN (boxes, labels,
 * scores). Finished, without a batch: [k, 4], [k], and [k] as int64. The names are numbers more often than not, so types
 * and dims tell which is which. The graph resizes and normalises, and gives boxes in pixels of its input.
 *
 * Source: torchvision.models.detection: generalized_rcnn.py, transform.py, roi_heads.py, retinanet.py, ssd.py, fcos.py.
 */
export const torchvision: Recogniser = async (evidence) => {
  const found = findOutputs(evidence);
  if (found === null) return null;
  const head: PartsHeadSpec = { family: 'parts', ...found, count: null, boxFormat: 'xyxy', boxUnit: 'input-pixels' };
  const kind = kindOf(evidence);
  const input = kind === 'SSD' ? intoSsd(evidence) : intoFile(evidence.image, KEPT_ASPECT);
  const { because, warnings = [], ...numbering } = await numberingOf(evidence, { kind, classes: found.classes, input });
  return {
    family: `torchvision ${kind}`,
    head,
    input,
    classes: null,
    ...numbering,
    warnings: [...warnings, ...notesOnRanks(evidence)],
    decisions: [
      settled('family', 'torchvision', 'outputs [k, 4] and [k] of floats, and [k] of int64, without a batch'),
      settled('head.boxUnit', 'input-pixels', 'the graph takes its own resizing back'),
      settled('input.fit', input.fit, `the graph itself ${kind === 'SSD' ? 'stretches' : 'keeps the aspect'}`),
      settled('class numbers', numbering.background === undefined ? 'from 0' : 'from 1', because),
    ],
  };
};

type Kind = 'Faster R-CNN' | 'SSD' | 'RetinaNet or FCOS';

/** What most of these graphs resize to: a picture that has that size already is resized once only. */
const KEPT_ASPECT: FamilyInput = {
  ...RGB01,
  fit: 'shortest-edge',
  interpolation: 'antialias',
  padValue: 114,
  size: [1333, 800],
};

/** SSD stretches in its graph; what comes in need not be large. */
function intoSsd({ image }: Evidence): FamilyInput {
  const fixed = image.width !== null || image.height !== null;
  return { ...KEPT_ASPECT, fit: fixed ? 'stretch' : 'shortest-edge', size: [1024, 512] };
}

type Value = Evidence['outputs'][number];

function findOutputs({ image, inputs, outputs }: Evidence): { boxes: string; scores: string; classes: string } | null {
  if (inputs.length > 1 || image.type === 'uint8' || image.layout !== 'nchw') return null;
  const boxes = outputs.filter((value) => isFloat(value) && value.dims.length === 2 && value.dims[1] === 4);
  const perBox = outputs.filter(({ dims }) => dims.length === 1);
  const [scores, classes] = [perBox.filter(isFloat), perBox.filter(({ type }) => type === 'int64')];
  if (boxes.length !== 1 || scores.length !== 1 || classes.length !== 1) return null;
  return { boxes: boxes[0]!.name, scores: scores[0]!.name, classes: classes[0]!.name };
}

function isFloat({ type }: Value): boolean {
  return type.startsWith('float');
}

/** Masks are [k, 1, 28, 28], key points [k, points, 3]. */
function notesOnRanks({ outputs }: Evidence): string[] {
  const others = outputs.filter(({ name, dims }) => dims.length > 2 && !NAMED.test(name)); // names are noted by themselves
  return others.map(({ name, dims }) => leftOut(dims.length === 4 ? 'masks' : 'key points', `output "${name}"`));
}

const NAMED = /mask|key_?points?/i;

function kindOf({ operators }: Evidence): Kind {
  if (operators.has('RoiAlign')) return 'Faster R-CNN';
  return operators.has('Softmax') ? 'SSD' : 'RetinaNet or FCOS';
}

interface Numbered {
  kind: Kind;
  /** Name of the output. */
  classes: string;
  input: FamilyInput;
}

/** torchvision reserves number 0 for background; RetinaNet and FCOS do not need it, so that some models use it. */
async function numberingOf(
  evidence: Evidence,
  { kind, classes, input }: Numbered,
): Promise<Pick<Recognition, 'background' | 'cocoIds' | 'warnings'> & { because: string }> {
  if (kind === 'RetinaNet or FCOS') {
    const { data } = (await evidence.probe(input))[classes]!;
    if (data.includes(0)) return { because: 'class 0 is found in a run' };
  }
  const because = 'torchvision keeps 0 for background';
  if (namedClasses(evidence) !== null) return { background: 'first', cocoIds: true, because };
  return { background: 'first', cocoIds: true, because, warnings: [COCO_GUESSED] };
}

/** For models whose outputs do not tell how many classes there are. */
export const COCO_GUESSED =
  'The model does not say how many classes it has: their numbers are taken for COCO’s ids. If they are others, labelsFile ' +
  '(--labels-file) names them.';
