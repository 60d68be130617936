import { headOf } from './heads/index.js';
import type { ModelSpec } from './identify/model-spec.js';
import { decodeImage } from './image/decode.js';
import { labelledColumns } from './labels/class-selection.js';
import { makeFeeds } from './model/feeds.js';
import { openSession } from './model/session.js';
import { joinRegions, type LabelledBox } from './postprocess/regions.js';
import { restoreBox } from './postprocess/restore.js';
import { best, suppress } from './postprocess/suppress.js';
import type { Candidates, DetectionResult, DetectPlan, Geometry, ImageSource, LabelList } from './types.js';

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
  return {
    async detect(source, plan) {
      const fitted = await decodeImage(source, spec.input, plan);
      const outputs = await session.run(makeFeeds(fitted, spec.input));
      const candidates = head.candidates(outputs, spec.head, fitted.geometry, { ...plan, labelled });
      const kept = head.needsSuppression(spec.head) ? suppress(candidates, plan) : best(candidates, plan);
      const boxes = labelBoxes(candidates, kept, fitted.geometry, spec.labels);
      const { imageWidth: width, imageHeight: height } = fitted.geometry;
      const result = { width, height, detections: joinRegions(boxes, plan.regionIou) };
      return fitted.damage === undefined ? result : { ...result, damage: fitted.damage };
    },
    close: () => session.close(),
  };
}

function labelBoxes(
  { rows, classIds, scores, boxes, space }: Candidates,
  kept: Uint32Array,
  geometry: Geometry,
  labels: LabelList,
): LabelledBox[] {
  const labelled: LabelledBox[] = [];
  for (const i of kept) {
    const box = restoreBox(boxes, i, { geometry, space });
    const classId = classIds[i]!;
    if (box !== null) labelled.push({ label: labels[classId]!, classId, score: scores[i]!, box, row: rows[i]! });
  }
  return labelled;
}
