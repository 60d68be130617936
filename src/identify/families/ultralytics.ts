import { SigboxError } from '../../errors.js';
import type { HeadSpec } from '../../heads/index.js';
import { parseNames } from '../python-dict.js';
import {
  type Decision,
  type Evidence,
  type FamilyInput,
  type Recogniser,
  type Recognition,
  RGB01,
} from '../recognition.js';

/**
 * What Ultralytics exports, which says so in its metadata: YOLOv3u to YOLO26, RT-DETR.
 *
 * Source: ultralytics.engine.exporter (metadata), ultralytics.utils.nms and ultralytics.models.rtdetr.predict (outputs).
 */
export const ultralytics: Recogniser = async (evidence) => {
  const { properties } = evidence.metadata;
  const names = properties.names === undefined ? null : parseNames(properties.names);
  const theirs = ['author', 'description'].find((key) => /ultralytics/i.test(properties[key] ?? ''));
  if (theirs === undefined || names === null) return null;
  refuseOtherTasks(evidence);
  const [output] = evidence.outputs;
  if (output === undefined || output.dims.length !== 3) return null;
  const because = `metadata "${theirs}" is "${properties[theirs]}"`;
  const isRtDetr = /rt-?detr/i.test(properties.description ?? '');
  const input = isRtDetr ? STRETCH : LETTERBOX;
  const known = {
    output: output.name,
    input: { ...input, ...sizeOf(properties.imgsz) },
    classes: names.size,
    isRtDetr,
  };
  const columns = output.dims[2];
  const finished = columns === 6 && !(isRtDetr && names.size === 2 && properties.end2end === 'False');
  const head = finished ? await endToEnd(evidence, known) : await perRow(evidence, known);
  const family = isRtDetr ? 'Ultralytics RT-DETR' : 'Ultralytics YOLO';
  return {
    family,
    ...head,
    input: known.input,
    classes: names.size,
    decisions: [settled('family', family, because), ...head.decisions],
  };
};

const LETTERBOX: FamilyInput = { ...RGB01, fit: 'letterbox', padValue: 114 };
const STRETCH: FamilyInput = { ...RGB01, fit: 'stretch', padValue: 114 };

interface Known {
  output: string;
  input: FamilyInput;
  classes: number;
  isRtDetr: boolean;
}

type HeadPart = Pick<Recognition, 'head' | 'decisions'>;

/** [1, k, 6]: box, score and class of at most k objects. */
async function endToEnd({ probe }: Evidence, { output, input, isRtDetr }: Known): Promise<HeadPart> {
  const columns = { all: 6, box: 0, score: 4, class: 5 };
  const head = { family: 'rows', output, count: null, columns } as const;
  const shape = settled('head', 'finished detections', 'six columns: box, score, class');
  if (!isRtDetr) {
    const unit = settled('head.boxUnit', 'input-pixels', 'every Ultralytics YOLO gives pixels');
    return { head: { ...head, boxFormat: 'xyxy', boxUnit: 'input-pixels' }, decisions: [shape, unit] };
  }
  const { unit, decision } = unitOf((await probe(input))[output]!.data, 6);
  return { head: { ...head, boxFormat: 'cxcywh', boxUnit: unit }, decisions: [shape, decision] };
}

/** [1, 4 + classes, n], or for RT-DETR [1, n, 4 + classes]. */
async function perRow(evidence: Evidence, { output, input, classes, isRtDetr }: Known): Promise<HeadPart> {
  const [, a, b] = evidence.outputs[0]!.dims;
  const layout = isRtDetr ? 'rows' : 'columns';
  const width = isRtDetr ? b : a;
  if (typeof width === 'number' && width !== 4 + classes) throw wrongWidth(evidence, width, classes);
  const shape = settled('head.layout', layout, `${classes} classes by metadata "names", and 4 box numbers`);
  const head: HeadSpec = {
    family: 'yolo',
    output,
    layout,
    objectness: false,
    activation: 'none',
    boxFormat: 'cxcywh',
    boxUnit: 'input-pixels',
    suppress: !isRtDetr,
  };
  if (!isRtDetr) return { head, decisions: [shape] };
  const { unit, decision } = unitOf((await evidence.probe(input))[output]!.data, 4 + classes);
  return { head: { ...head, boxUnit: unit }, decisions: [shape, decision] };
}

/** Pixels or fractions, by the largest coordinate of a run. */
function unitOf(data: Float32Array, columns: number) {
  const coordinates = data.filter((_, i) => i % columns < 4);
  const largest = coordinates.reduce((high, value) => Math.max(high, value), 0);
  const unit = largest <= 1.5 ? 'input-fractions' : 'input-pixels';
  const decision = settled('head.boxUnit', unit, `the largest coordinate of a run is ${largest.toPrecision(4)}`);
  return { unit, decision } as const;
}

const REFUSED: Record<string, string> = {
  segment: 'masks',
  pose: 'key points',
  obb: 'oriented boxes',
  classify: 'one label for the whole picture',
};

function refuseOtherTasks({ file, metadata }: Evidence): void {
  const { task } = metadata.properties;
  const what = REFUSED[task ?? 'detect'];
  if (what === undefined) return;
  throw new SigboxError(
    'E_MODEL',
    `model ${file}: it gives ${what} (task "${task}"), which sigbox does not decode yet.`,
  );
}

function wrongWidth({ file }: Evidence, width: number, classes: number): SigboxError {
  const message = `model ${file}: expected ${4 + classes} numbers per box for the ${classes} classes that its metadata names, received ${width}.`;
  return new SigboxError('E_MODEL', `${message} labelsFile (--labels-file) or a spec with labels settles it.`);
}

/** `[height, width]` as Ultralytics writes it. */
function sizeOf(imgsz: string | undefined): { size?: [width: number, height: number] } {
  const [height, width] = imgsz?.match(/\d+/g)?.map(Number) ?? [];
  return height === undefined || width === undefined ? {} : { size: [width, height] };
}

function settled(field: string, value: string, because: string): Decision {
  return { field, value, because };
}
