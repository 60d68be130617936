import { type Table, tableOf } from '../evidence/layout/table.js';
import {
  type Decision,
  type Evidence,
  type FamilyInput,
  IMAGENET,
  type Recogniser,
  type Recognition,
  settled,
} from '../recognition.js';
import { prepareInput } from '../sidecars/preprocessor.js';

/**
 * RF-DETR as it exports itself, and LibreYOLO after its pattern: `dets` [1, queries, 4] and the logits `labels`
 * [1, queries, classes + 1]. RTMDet's outputs have the same names, but scores in `dets` and whole numbers in `labels`.
 *
 * Source: rfdetr.export._onnx.inference and rfdetr.models.postprocess of the package rfdetr.
 */
export const rfDetr: Recogniser = async (evidence) => {
  const { inputs, outputs } = evidence;
  const [dets, labels] = ['dets', 'labels'].map((wanted) => outputs.find(({ name }) => name === wanted));
  if (dets === undefined || labels === undefined || labels.type.includes('int')) return null;
  if (dets.dims.length !== 3 || labels.dims.length !== 3 || dets.dims[2] === 5 || inputs.length > 1) return null;
  const { input, decision } = prepareInput(evidence, SQUARE, 'RF-DETR');
  const classes = await columnsOf(evidence, labels.dims[2], input);
  const { numbering, ...because } = await numberingOf(evidence, classes, input);
  return {
    family: 'RF-DETR',
    head: {
      family: 'boxes-scores',
      boxes: 'dets',
      scores: 'labels',
      layout: 'rows',
      activation: 'sigmoid',
      boxFormat: 'cxcywh',
      boxUnit: 'input-fractions',
      suppress: false,
    },
    input,
    classes,
    ...numbering,
    warnings: because.warnings,
    decisions: [
      settled('family', 'RF-DETR', 'outputs "dets" [1, n, 4] and "labels" [1, n, columns] of logits'),
      settled('head.activation', 'sigmoid', 'RF-DETR is trained with it'),
      decision,
      ...because.decisions,
    ],
  };
};

const SQUARE: FamilyInput = {
  ...IMAGENET,
  fit: 'stretch',
  interpolation: 'bilinear',
  padValue: 114,
  size: [560, 560],
};

async function columnsOf(evidence: Evidence, declared: number | string | undefined, input: FamilyInput) {
  if (typeof declared === 'number' && declared > 0) return declared;
  return (await evidence.probe(input)).labels!.dims[2]!;
}

interface Numbering {
  numbering: Pick<Recognition, 'background' | 'cocoIds'>;
  decisions: Decision[];
  warnings: string[];
}

/**
 * COCO's models have a column per id, 0 to 90; others one per class, and one that is never an object's: the last, or with
 * data sets of Roboflow in releases of 2025 the first, which stands for their root category. A model of one column has none,
 * and names as many as columns mean that it was cut off.
 */
async function numberingOf(evidence: Evidence, classes: number, input: FamilyInput): Promise<Numbering> {
  if (classes === 91) return { numbering: { cocoIds: true }, decisions: [], warnings: [] };
  const because = evidence.given.names === classes ? 'as many names as columns' : 'one column alone';
  if (classes === 1 || evidence.given.names === classes) {
    return { numbering: {}, decisions: [settled('class columns', 'all', because)], warnings: [] };
  }
  const silent = silentColumn(tableOf((await evidence.probe(input)).labels!, 'rows'));
  if (silent === 0 || silent === classes - 1) {
    const background = silent === 0 ? 'first' : 'last';
    const decision = settled('class columns', `without the ${background}`, 'in a run it lies far below all others');
    return { numbering: { background }, decisions: [decision], warnings: [] };
  }
  const decision = settled(
    'class columns',
    'without the last',
    'usual, and no column of a run lies far below the others',
  );
  return { numbering: { background: 'last' }, decisions: [decision], warnings: [SHIFTED] };
}

const SHIFTED =
  'The file does not tell which class column stands for nothing: the last is taken. Models trained in 2025 on data sets of ' +
  'Roboflow have their root category in the first, so that all labels are one off: then the labels file is to name all ' +
  'columns, beginning with "background".';

/** In logits: what never stood for an object lies that far below all that did. */
const FAR = 1.5;

/** The column whose highest logit of a run lies far below the highest of every other one. */
function silentColumn(table: Table): number | null {
  const highest = Array.from({ length: table.width }, (_, column) => {
    let high = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < table.rows; row++) high = Math.max(high, table.at(row, column));
    return high;
  });
  const [lowest, next] = [...highest].sort((a, b) => a - b) as [number, number];
  return next - lowest > FAR ? highest.indexOf(lowest) : null;
}
