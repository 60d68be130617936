import { headOf } from './heads/index.js';
import { decodeImage } from './image/decode.js';
import { toTensor } from './image/to-tensor.js';
import { labelledColumns } from './labels/class-selection.js';
import { openSession } from './model/session.js';
import { joinRegions, type LabelledBox } from './postprocess/regions.js';
import { restoreBox } from './postprocess/restore.js';
import { suppress } from './postprocess/suppress.js';
import type { Candidates, DetectionResult, DetectPlan, Geometry, ImageSource, ModelSpec } from './types.js';

export interface PipelineOptions {
  /** Path of the ONNX file. */
  file: string;
  spec: ModelSpec;
  /** Threads per inference; 0: one per core. */
  threads: number;
}

/** A loaded model with everything around it, from an image to its regions, in this process. */
export interface Pipeline {
  detect(source: ImageSource, plan: DetectPlan): Promise<Omit<DetectionResult, 'image'>>;
  close(): Promise<void>;
}

/** @throws SigboxError E_MODEL  a model that can't be loaded, or does not fit its spec */
export async function openPipeline({ file, spec, threads }: PipelineOptions): Promise<Pipeline> {
  const head = headOf(spec.head);
  const session = await openSession(file, { input: spec.input, outputs: head.outputs(spec.head), threads });
  const labelled = labelledColumns(spec.labels);
  const inputLength = 3 * spec.input.width * spec.input.height;
  return {
    async detect(source, plan) {
      const fitted = await decodeImage(source, spec.input, plan);
      const tensor = new Float32Array(inputLength);
      toTensor(fitted, spec.input, tensor);
      const outputs = await session.run(tensor);
      const candidates = head.candidates(outputs, spec.head, spec.input, { ...plan, labelled });
      const kept = suppress(candidates, plan);
      const boxes = labelBoxes(candidates, kept, fitted.geometry, spec.labels);
      const { imageWidth: width, imageHeight: height } = fitted.geometry;
      const result = { width, height, detections: joinRegions(boxes, plan.regionIou) };
      return fitted.damage === undefined ? result : { ...result, damage: fitted.damage };
    },
    close: () => session.close(),
  };
}

function labelBoxes(
  { rows, classIds, scores, boxes }: Candidates,
  kept: Uint32Array,
  geometry: Geometry,
  labels: ModelSpec['labels'],
): LabelledBox[] {
  const labelled: LabelledBox[] = [];
  for (const i of kept) {
    const box = restoreBox(boxes, i, geometry);
    const classId = classIds[i]!;
    if (box !== null) labelled.push({ label: labels[classId]!, classId, score: scores[i]!, box, row: rows[i]! });
  }
  return labelled;
}
