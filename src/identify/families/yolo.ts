import { requireExplained } from '../evidence/graph/explained.js';
import { denseLayout } from '../evidence/layout/dense-layout.js';
import type { Evidence, Recogniser } from '../recognition.js';
import { settled } from '../recognition.js';
import { leftOut } from '../refusal.js';
import { readDense } from './dense.js';
import { LETTERBOX } from './yolo-inputs.js';

type Output = Evidence['outputs'][number];

/**
 * One output with a row of box and scores per cell or query, in files that do not say where they are from: YOLOv5 to
 * YOLOv12, YOLOX, Ultralytics' RT-DETR.
 *
 * Source: yolov5 utils/general.py, YOLOv6 effidehead.py, YOLOv7 models/yolo.py, ultralytics/utils/nms.py, YOLOX
 * demo_utils.py: their outputs and what they do with them.
 */
export const yolo: Recogniser = async (evidence) => {
  if ('libreyolo_version' in evidence.metadata.properties) return null; // it has families of this shape with other boxes
  const output = denseOutput(evidence);
  if (output === null) return null;
  const tensor = (await evidence.probe(LETTERBOX))[output.name]!;
  const layout = tensor.dims.length === 3 ? denseLayout(evidence, tensor, evidence.sizeOf(LETTERBOX)) : null;
  if (layout === null) return null;
  const found = readDense(evidence, { name: output.name, tensor, layout });
  const twins = evidence.outputs.filter((other) => other !== output && sameDims(other, output));
  const protos = evidence.outputs.find(({ dims }) => dims.length === 4 && dims[1] === extraOf(found.head));
  const levels = levelOutputs(evidence, layout.grid?.strides.length ?? 3);
  const explains = (other: Output) => twins.includes(other) || other === protos || levels.includes(other);
  requireExplained(evidence, output, explains, found.family);
  if (twins.length === 0) return found;
  return {
    ...found,
    decisions: [...found.decisions, settled('head.output', output.name, 'the last of several heads is the main one')],
    warnings: [...(found.warnings ?? []), auxiliary(twins, output)],
  };
};

function extraOf(head: object): number | null {
  const { extraColumns = null } = head as { extraColumns?: number };
  return extraColumns;
}

/**
 * The output of three dims; of several of the same dims the last, as in YOLOv9, whose first head helps in training only.
 *
 * Source: DualDDetect of YOLOv9's models/yolo.py, and what val_dual.py takes of its outputs.
 */
function denseOutput({ outputs, given }: Evidence): Output | null {
  const dense = outputs.filter(({ dims }) => dims.length === 3);
  const named = dense.find(({ name }) => name === given.head.output);
  const [first, ...others] = dense;
  if (first === undefined || !/float|double/.test(first.type)) return null;
  if (named !== undefined) return named;
  if (others.some((other) => !sameDims(other, first))) return null;
  return dense.at(-1)!;
}

function sameDims(a: Output, b: Output): boolean {
  return a.dims.length === 3 && a.dims.slice(1).join() === b.dims.slice(1).join();
}

/** The raw form of the boxes: an output of more dims for each level. */
function levelOutputs({ outputs }: Evidence, levels: number): Output[] {
  const raw = outputs.filter(({ dims }) => dims.length >= 4);
  const sides = new Set(raw.map(({ dims }) => `${dims[2]} × ${dims[3]}`));
  return raw.length === levels && (sides.size === levels || raw.every(({ dims }) => dims.length === 5)) ? raw : [];
}

function auxiliary(twins: readonly Output[], { name }: Output): string {
  const names = twins.map((twin) => `"${twin.name}"`).join(', ');
  return `${leftOut('another head’s boxes', `output ${names}`)} "${name}" is read; a spec {"head":{"output":…}} names another.`;
}
