import type { BoxesScoresHeadSpec } from '../../heads/contracts/boxes-scores.js';
import type { Activation } from '../../heads/words.js';
import type { ExtraInput, Tensor } from '../../types/model.js';
import { namedClasses } from '../named-classes.js';
import { type Evidence, type FamilyInput, IMAGENET, type Recogniser, RGB01, settled } from '../recognition.js';
import { notDecoded, undecided } from '../refusal.js';
import { intoFile, prepareInput, SHORTEST_EDGE } from '../sidecars/preprocessor.js';

/**
 * Detection transformers that give the logits and boxes of some hundred queries: DETR, YOLOS, Conditional and Deformable
 * DETR, RT-DETR, D-FINE, DEIM and their kin, exported from Hugging Face transformers (Optimum), LibreYOLO or their own
 * repositories. Outputs `logits` or `pred_logits` [1, queries, columns] and `pred_boxes` [1, queries, 4].
 *
 * Source: post_process_object_detection of the image processors in Hugging Face transformers; libreyolo.backends.
 */
export const detr: Recogniser = async (evidence) => {
  const outputs = findOutputs(evidence);
  if (outputs === null) return null;
  refuseQueries(evidence);
  refuseAngles(evidence, outputs);
  const kind = kindOf(evidence);
  const family = kind?.family ?? 'detection transformer';
  const because = kind?.because ?? `outputs "${outputs.scores}" and "${outputs.boxes}"`;
  const classes = await columnsOf(evidence, outputs);
  const activation =
    kind === null
      ? await activationOf(evidence, outputs, classes)
      : { value: kind.activation, because: `${family} is trained with it` };
  const noObject = activation.value === 'softmax';
  const usual = kind?.input ?? (noObject ? SHORTEST_EDGE : usualOfSigmoid(evidence, outputs));
  const { input, decision } = prepareInput(evidence, usual, family);
  const head: BoxesScoresHeadSpec = {
    family: 'boxes-scores',
    ...outputs,
    layout: 'rows',
    activation: activation.value,
    boxFormat: 'cxcywh',
    boxUnit: 'input-fractions',
    suppress: false,
  };
  return {
    family,
    head,
    input: { ...input, extras: maskInputs(evidence) },
    classes,
    ...(noObject ? { background: 'last' as const } : {}),
    cocoIds: classes === (noObject ? 92 : 91),
    decisions: [
      settled('family', family, because),
      settled('head.activation', activation.value, activation.because),
      decision,
    ],
  };
};

interface Outputs {
  boxes: string;
  scores: string;
}

function findOutputs({ outputs }: Evidence): Outputs | null {
  const named = (pattern: RegExp) => outputs.find(({ name, dims }) => pattern.test(name) && dims.length === 3)?.name;
  const [boxes, scores] = [named(/^pred_boxes$/), named(/^(pred_)?logits$/)];
  return boxes === undefined || scores === undefined ? null : { boxes, scores };
}

/** A kind of detection transformer. */
interface Kind {
  family: string;
  activation: Extract<Activation, 'sigmoid' | 'softmax'>;
  input: FamilyInput;
}

const SQUARE: FamilyInput = {
  ...RGB01,
  fit: 'stretch',
  interpolation: 'antialias',
  padValue: 114,
  size: [640, 640],
};
const SQUARE_IMAGENET: FamilyInput = { ...SQUARE, ...IMAGENET };
const softmax = (family: string, input = SHORTEST_EDGE): Kind => ({ family, activation: 'softmax', input });
const sigmoid = (family: string, input = SQUARE): Kind => ({ family, activation: 'sigmoid', input });

/** By the `model_type` of config.json. Sources: modeling_*.py (columns), image_processing_*.py of transformers. */
const MODEL_TYPES: Record<string, Kind> = {
  detr: softmax('DETR'),
  yolos: softmax('YOLOS'),
  'table-transformer': softmax('Table Transformer'),
  conditional_detr: sigmoid('Conditional DETR', SHORTEST_EDGE),
  'dab-detr': sigmoid('DAB-DETR', SHORTEST_EDGE),
  deformable_detr: sigmoid('Deformable DETR', SHORTEST_EDGE),
  deta: sigmoid('DETA', SHORTEST_EDGE),
  lw_detr: sigmoid('LW-DETR', SQUARE_IMAGENET),
  rf_detr: sigmoid('RF-DETR', SQUARE_IMAGENET),
  rt_detr: sigmoid('RT-DETR'),
  rt_detr_v2: sigmoid('RT-DETRv2'),
  d_fine: sigmoid('D-FINE'),
  deim: sigmoid('DEIM'),
  deimv2: sigmoid('DEIMv2'),
};

/** By the metadata `model_family` of LibreYOLO, which stretches every picture. Source: libreyolo.backends.base. */
const MODEL_FAMILIES: Record<string, Kind> = {
  detr: softmax('DETR', SQUARE_IMAGENET),
  deformable_detr: sigmoid('Deformable DETR', SQUARE_IMAGENET),
  dinodetr: sigmoid('DINO', SQUARE_IMAGENET),
  lwdetr: sigmoid('LW-DETR', SQUARE_IMAGENET),
  ec: sigmoid('EC', SQUARE_IMAGENET),
  gtr: sigmoid('GTR', SQUARE_IMAGENET),
  tinyformer: sigmoid('TinyFormer', SQUARE_IMAGENET),
  rtdetr: sigmoid('RT-DETR'),
  rtdetrv2: sigmoid('RT-DETRv2'),
  rtdetrv4: sigmoid('RT-DETRv4'),
  dfine: sigmoid('D-FINE'),
  deim: sigmoid('DEIM'),
  deimv2: sigmoid('DEIMv2'),
};

/** By the image processor, where config.json is missing. */
const PROCESSORS: readonly [RegExp, Kind][] = [
  [/^Detr/, softmax('DETR')],
  [/^Yolos/, softmax('YOLOS')],
  [/^(Conditional|Deformable)Detr|^Deta/, sigmoid('DETR with sigmoid', SHORTEST_EDGE)],
  [/^RTDetr/, sigmoid('RT-DETR')],
];

function kindOf({ config, preprocessor, metadata }: Evidence): (Kind & { because: string }) | null {
  const { model_family: family = '', model_size: size = '' } = metadata.properties;
  const ours = own(MODEL_FAMILIES, family);
  if (ours !== undefined) {
    // Sizes with a DINOv3 backbone keep its colours.
    const input = family === 'deimv2' && /^[smlx]$/.test(size) ? SQUARE_IMAGENET : ours.input;
    return { ...ours, input, because: `metadata "model_family" is "${family}"` };
  }
  const type = own(MODEL_TYPES, String(config?.model_type));
  if (type !== undefined) return { ...type, because: `config.json: model_type is "${config?.model_type}"` };
  const processor = String(preprocessor?.image_processor_type ?? preprocessor?.feature_extractor_type ?? '');
  const found = PROCESSORS.find(([pattern]) => pattern.test(processor))?.[1];
  return found === undefined ? null : { ...found, because: `preprocessor_config.json: ${processor}` };
}

function own<Value>(record: Record<string, Value>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Sigmoid models are of two sorts, and pictures are prepared in a way of its own for each. */
function usualOfSigmoid(evidence: Evidence, { scores }: Outputs): FamilyInput {
  const { preprocessor, image, given, inputs } = evidence;
  if (inputs.some(({ name }) => name === 'pixel_mask')) return SHORTEST_EDGE;
  if (given.input.fit === 'shortest-edge' || given.input.fit === 'letterbox-top-left') return SHORTEST_EDGE;
  const stretched = given.input.fit === 'stretch' || scores === 'pred_logits';
  const square = image.width !== null && image.width === image.height;
  if (stretched || square || preprocessor !== null) return SQUARE;
  throw undecided(
    evidence,
    'nothing says how pictures are prepared for it',
    'config.json and preprocessor_config.json of its repository beside the file, or a spec {"input":{"fit":"stretch"}} ' +
      '(RT-DETR, D-FINE) or {"input":{"fit":"shortest-edge"}} (Deformable DETR)',
  );
}

async function columnsOf(evidence: Evidence, { scores }: Outputs): Promise<number> {
  const declared = evidence.outputs.find(({ name }) => name === scores)?.dims[2];
  if (typeof declared === 'number' && declared > 0) return declared;
  return (await logitsOf(evidence, scores)).dims[2]!;
}

/** Of a run at a size that every kind takes. */
async function logitsOf(evidence: Evidence, scores: string): Promise<Tensor> {
  const input = intoFile(evidence.image, { ...SHORTEST_EDGE, size: [640, 640] });
  return (await evidence.probe({ ...input, extras: maskInputs(evidence) }))[scores]!;
}

interface Settled {
  value: Kind['activation'];
  because: string;
}

/** Softmax with a last column for "no object", or sigmoid without: by the user, the number of names, or a run. */
async function activationOf(evidence: Evidence, { scores }: Outputs, columns: number): Promise<Settled> {
  const given = evidence.given.head.activation;
  if (given === 'softmax' || given === 'sigmoid') return { value: given, because: 'given' };
  if (columns === 1) return { value: 'sigmoid', because: 'one column leaves none for "no object"' };
  const names = namedClasses(evidence)?.count;
  if (names === columns) return { value: 'sigmoid', because: `${names} names for as many columns` };
  if (names === columns - 1) return { value: 'softmax', because: `${names} names, and a column more for "no object"` };
  const { value, seen } = activationSeen((await logitsOf(evidence, scores)).data, columns);
  if (value !== null) return { value, because: seen };
  throw undecided(
    evidence,
    `its ${columns} columns may be ${columns} classes, or ${columns - 1} and "no object": ${seen}`,
    'config.json of its repository beside the file, --labels-file, or a spec {"head":{"activation":"sigmoid"}} or ' +
      '{"head":{"activation":"softmax"}}',
  );
}

/** "No object" wins nearly every query of a picture that shows nothing; independent classes hardly ever pass 0. */
function activationSeen(logits: Float32Array, columns: number): { value: Kind['activation'] | null; seen: string } {
  const rows = logits.length / columns;
  let noObject = 0;
  let positive = 0;
  for (let row = 0; row < rows; row++) {
    const ofRow = logits.subarray(row * columns, (row + 1) * columns);
    const highest = Math.max(...ofRow);
    if (ofRow[columns - 1] === highest) noObject++;
    if (highest > 0) positive++;
  }
  const seen = `of ${rows} queries in a run, ${noObject} have their highest logit in the last column and ${positive} one above 0`;
  if (noObject >= MOST * rows && positive >= MOST * rows) return { value: 'softmax', seen };
  if (noObject <= FEW * rows && positive <= FEW * rows) return { value: 'sigmoid', seen };
  return { value: null, seen };
}

/** Shares of the queries; what lies between is left to the user. */
const MOST = 0.8;
const FEW = 0.2;

/** Inputs about the picture besides it: 1 where it lies. Some exports fix the size of that mask. */
function maskInputs({ inputs }: Evidence): ExtraInput[] {
  return inputs
    .filter(({ name }) => name === 'pixel_mask')
    .map(({ name, type, dims: [, height, width] }) => {
      const mask = { name, type: type as ExtraInput['type'], value: 'mask' } as const;
      const fixed = typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0;
      return fixed ? { ...mask, maskSize: [width, height] } : mask;
    });
}

/** Grounding DINO, OWL-ViT and others have outputs of the same names. */
function refuseQueries(evidence: Evidence): void {
  const asked = evidence.inputs.find(({ name }) => name !== evidence.image.name && name !== 'pixel_mask');
  if (asked !== undefined) throw notDecoded(evidence, 'what a second input asks for', `input "${asked.name}"`);
}

function refuseAngles(evidence: Evidence, { boxes }: Outputs): void {
  const dims = evidence.outputs.find(({ name }) => name === boxes)!.dims;
  if (dims[2] === 5) throw notDecoded(evidence, 'oriented boxes', `output "${boxes}" [${dims.join(', ')}]`);
}
