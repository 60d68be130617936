import type { Find } from '../../src/postprocess/best-first.js';
import { bestFirst, findCandidates, memory, options } from '../built.js';
import { type DetectorOutput, dimsOf, headOfOutput, IOU_THRESHOLD, MAX_CANDIDATES, MAX_DETECTIONS } from '../sets.js';
import { type Contender, contenderOf, type Measured } from './rival.js';

/** sigbox from logits, held as a session holds them, to what is kept: rows, classes, scores and boxes. */
export function sigboxContender(output: DetectorOutput): Contender {
  return contenderFor(output, memory.allocateFloat32(output.logits.length));
}

/** The same where the output lies in an array of its user's, and is copied. */
export function sigboxContenderOfCopies(output: DetectorOutput): Contender {
  return contenderFor(output, output.logits.slice());
}

function contenderFor(output: DetectorOutput, data: Float32Array): Contender {
  return contenderOf(() => data.set(output.logits), calls(output, data));
}

function calls(output: DetectorOutput, data: Float32Array) {
  const labels = Array.from({ length: output.classes }, (_, i) => `class ${i}`);
  const spec = headOfOutput(output);
  const tensors = { out: { dims: dimsOf(output), data } };
  const geometry = {
    imageWidth: 640,
    imageHeight: 640,
    fittedWidth: 640,
    fittedHeight: 640,
    offsetX: 0,
    offsetY: 0,
    inputWidth: 640,
    inputHeight: 640,
  };
  const plans = [false, true].map((single) =>
    options.planOf(
      { labels },
      {
        scoreThreshold: output.scoreThreshold,
        iouThreshold: IOU_THRESHOLD,
        labels: single ? 'single' : 'multi',
        maxDetections: MAX_DETECTIONS,
        maxCandidates: MAX_CANDIDATES,
      },
    ),
  );
  return (multi: boolean): Measured => {
    const plan = plans[multi ? 0 : 1]!;
    const start = performance.now();
    const find: Find = (budget) => findCandidates.findCandidates(tensors, spec, geometry, plan, budget);
    const { survivors: kept } = bestFirst.suppressBestFirst(find, plan);
    const ms = performance.now() - start;
    return { ms, kept: kept.keep.length, sum: kept.scores.reduce((sum, score) => sum + score, 0) };
  };
}
