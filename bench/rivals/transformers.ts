import type { DetectorOutput } from '../sets.js';
import { contender, contenderOf, type Rival } from './rival.js';

/**
 * transformers.js: its object detection post-processing, which does no suppression and is given logits row by row. With
 * several labels its zero-shot way is taken, the only one with a sigmoid. No objectness.
 */
export async function openTransformers(): Promise<Rival> {
  const { DetrImageProcessor, Tensor } = await contender('@huggingface/transformers');
  const processor = new DetrImageProcessor({});
  return {
    async load({ rows, classes, objectness, logits, scoreThreshold }: DetectorOutput) {
      if (objectness) return null;
      const byRow = (first: number, width: number) =>
        Float32Array.from(
          { length: rows * width },
          (_, i) => logits[(first + (i % width)) * rows + Math.floor(i / width)]!,
        );
      const [scores, boxes] = [byRow(4, classes), byRow(0, 4)];
      const outputs = {
        logits: new Tensor('float32', scores.slice(), [1, rows, classes]),
        pred_boxes: new Tensor('float32', boxes.slice(), [1, rows, 4]),
      };
      const write = () => {
        outputs.logits.data.set(scores);
        outputs.pred_boxes.data.set(boxes);
      };
      return {
        'transformers.js, no NMS': contenderOf(write, async (multi) => {
          const start = performance.now();
          const [{ scores }] = processor.post_process_object_detection(outputs, scoreThreshold, null, multi);
          const ms = performance.now() - start;
          return { ms, kept: scores.length, sum: scores.reduce((sum: number, score: number) => sum + score, 0) };
        }),
      };
    },
    close: async () => {},
  };
}
