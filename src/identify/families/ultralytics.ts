import { SigboxError } from '../../errors.js';
import type { HeadSpec } from '../../heads/index.js';
import { dimsOf, everyRow, tableOf, unitOf } from '../evidence/table.js';
import { namedClasses } from '../named-classes.js';
import { type Evidence, type FamilyInput, type Recogniser, type Recognition, settled } from '../recognition.js';
import { notDecoded } from '../refusal.js';
import { LETTERBOX, STRETCH } from './yolo-inputs.js';

/**
 * What Ultralytics exports, which says so in its metadata: YOLOv3u to YOLO26, RT-DETR.
 *
 * Source: ultralytics.engine.exporter (metadata), ultralytics.utils.nms and ultralytics.models.rtdetr.predict (outputs).
 */
export const ultralytics: Recogniser = async (evidence) => {
  const { properties } = evidence.metadata;
  const theirs = ['author', 'description'].find((key) => /ultralytics/i.test(properties[key] ?? ''));
  if (theirs === undefined) return null;
  refuseOtherTasks(evidence);
  const [output, second] = evidence.outputs;
  const named = namedClasses(evidence);
  if (output === undefined || named === null || output.dims.length !== 3) return null;
  if (second !== undefined && second.dims.length === 3) return null; // boxes and scores apart: YOLO-NAS
  const isRtDetr = properties.head === 'RTDETRDecoder' || /rt-?detr/i.test(properties.description ?? '');
  const input = { ...(isRtDetr ? STRETCH : LETTERBOX), ...sizeOf(properties.imgsz) };
  const known = { output, input, isRtDetr, classes: named.count, from: named.from };
  const part = (await finished(evidence, known)) ?? (await perRow(evidence, known));
  const family = isRtDetr ? 'Ultralytics RT-DETR' : 'Ultralytics YOLO';
  const because = `metadata "${theirs}" is "${properties[theirs]}"`;
  return {
    family,
    ...part,
    input,
    classes: named.count,
    decisions: [settled('family', family, because), ...part.decisions],
  };
};

interface Known {
  output: Evidence['outputs'][number];
  input: FamilyInput;
  isRtDetr: boolean;
  classes: number;
  /** Who says how many. */
  from: string;
}

type HeadPart = Pick<Recognition, 'head' | 'decisions'>;

/** [1, k, 6]: box, score and class of at most k objects; null where rows are something else. */
async function finished(evidence: Evidence, { output, input, isRtDetr, classes }: Known): Promise<HeadPart | null> {
  const dims = await dimsOf(evidence, output, input);
  if (dims[2] !== 6) return null;
  const columns = { all: 6, box: 0, score: 4, class: 5 };
  const head = { family: 'rows', output: output.name, count: null, columns } as const;
  const shape = settled('head.family', 'rows', `[${dims.join(', ')}]: six columns, box, score and class`);
  if (!isRtDetr) {
    const unit = settled('head.boxUnit', 'input-pixels', 'every Ultralytics YOLO gives pixels');
    return { head: { ...head, boxFormat: 'xyxy', boxUnit: 'input-pixels' }, decisions: [shape, unit] };
  }
  const table = tableOf((await evidence.probe(input))[output.name]!, 'rows');
  // Before version 8.4 rows ended in the scores of all classes: with two of them these are six columns as well.
  if (classes === 2 && !everyRow(table, (row) => Number.isInteger(table.at(row, 5)))) return null;
  const { unit, decision } = unitOf(table);
  return { head: { ...head, boxFormat: 'cxcywh', boxUnit: unit }, decisions: [shape, decision] };
}

/** [1, 4 + classes, n], or for RT-DETR [1, n, 4 + classes]. */
async function perRow(evidence: Evidence, { output, input, isRtDetr, classes, from }: Known): Promise<HeadPart> {
  const layout = isRtDetr ? 'rows' : 'columns';
  const dims = await dimsOf(evidence, output, input);
  const width = dims[isRtDetr ? 2 : 1]!;
  if (width !== 4 + classes) throw wrongWidth(evidence, { width, classes, from });
  const shape = settled('head.layout', layout, `${classes} classes by ${from}, and 4 box numbers`);
  const head: HeadSpec = {
    family: 'yolo',
    output: output.name,
    layout,
    objectness: false,
    activation: 'none',
    boxFormat: 'cxcywh',
    boxUnit: 'input-pixels',
    suppress: !isRtDetr,
  };
  if (!isRtDetr) return { head, decisions: [shape] };
  const { unit, decision } = unitOf(tableOf((await evidence.probe(input))[output.name]!, 'rows'));
  return { head: { ...head, boxUnit: unit }, decisions: [shape, decision] };
}

const REFUSED: Record<string, string> = {
  segment: 'masks',
  semantic: 'masks',
  pose: 'key points',
  obb: 'oriented boxes',
  depth: 'distances',
  classify: 'one label for the whole picture',
};

function refuseOtherTasks(evidence: Evidence): void {
  const task = evidence.metadata.properties.task ?? 'detect';
  if (task !== 'detect') throw notDecoded(evidence, REFUSED[task] ?? 'something else than boxes', `task "${task}"`);
}

function wrongWidth({ file }: Evidence, { width, classes, from }: { width: number; classes: number; from: string }) {
  const message = `model ${file}: expected ${4 + classes} numbers per box for the ${classes} classes of ${from}, received ${width}.`;
  return new SigboxError(
    'E_MODEL',
    `${message} labelsFile (--labels-file) or labels in a spec, ${width - 4} of them, settle it.`,
  );
}

/** `[height, width]` as Ultralytics writes it. */
function sizeOf(imgsz: string | undefined): { size?: [width: number, height: number] } {
  const [height, width] = imgsz?.match(/\d+/g)?.map(Number) ?? [];
  return height === undefined || width === undefined ? {} : { size: [width, height] };
}
