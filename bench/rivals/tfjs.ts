import { type DetectorOutput, IOU_THRESHOLD, MAX_DETECTIONS } from '../sets.js';
import { contender, contenderOf, folderOfContender, type Rival } from './rival.js';

/** Class offset of boxes, as tfjs suppresses without regard to classes. */
const OFFSET = 7680;

/** tfjs on its WASM backend: where, gather, nonMaxSuppression. It is given scores after sigmoid, as tensors of its own. */
export async function openTfjs(): Promise<Rival> {
  const tf = await contender('@tensorflow/tfjs-core');
  const wasm = await contender('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(folderOfContender('@tensorflow/tfjs-backend-wasm'));
  await tf.setBackend('wasm');
  await tf.ready();
  return {
    async load({ rows, classes, objectness, probabilities, scoreThreshold }: DetectorOutput) {
      const { boxes, scores } = partsOf({ rows, classes, objectness, probabilities });
      const boxTensor = tf.tensor2d(boxes, [rows, 4]); // y1, x1, y2, x2
      const scoreTensor = tf.tensor2d(scores, [rows, classes]);
      async function candidates(multi: boolean) {
        if (!multi) return { at: null, best: tf.max(scoreTensor, 1), ids: tf.argMax(scoreTensor, 1) };
        const at = await tf.whereAsync(tf.greater(scoreTensor, scoreThreshold)); // [k, 2] row, class
        const column = (first: number) => tf.squeeze(tf.slice(at, [0, first], [-1, 1]), [1]);
        return { at: column(0), best: tf.gatherND(scoreTensor, at), ids: column(1) };
      }
      const write = () => {
        tf.backend().typedArrayFromHeap(boxTensor).set(boxes);
        tf.backend().typedArrayFromHeap(scoreTensor).set(scores);
      };
      return {
        'tfjs-wasm': contenderOf(write, async (multi) => {
          const start = performance.now();
          tf.engine().startScope();
          const { at, best, ids } = await candidates(multi);
          const taken = at === null ? boxTensor : tf.gather(boxTensor, at);
          const offsets = tf.expandDims(tf.mul(tf.cast(ids, 'float32'), OFFSET), 1);
          const moved = tf.add(taken, offsets);
          const kept = await tf.image.nonMaxSuppressionAsync(
            moved,
            best,
            MAX_DETECTIONS,
            IOU_THRESHOLD,
            scoreThreshold,
          );
          const found = await tf.gather(best, kept).data();
          await tf.gather(taken, kept).data();
          await tf.gather(ids, kept).data();
          tf.engine().endScope();
          const ms = performance.now() - start;
          return { ms, kept: found.length, sum: found.reduce((sum: number, score: number) => sum + score, 0) };
        }),
      };
    },
    close: async () => {},
  };
}

/** Boxes as corners, y first, and scores row by row, with objectness multiplied in. */
function partsOf({
  rows,
  classes,
  objectness,
  probabilities,
}: Pick<DetectorOutput, 'rows' | 'classes' | 'objectness' | 'probabilities'>) {
  const width = classes + 5;
  const at = objectness
    ? (row: number, column: number) => row * width + column
    : (row: number, column: number) => column * rows + row;
  const first = objectness ? 5 : 4;
  const boxes = new Float32Array(4 * rows);
  const scores = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const [x, y, w, h] = [0, 1, 2, 3].map((column) => probabilities[at(row, column)]!) as [
      number,
      number,
      number,
      number,
    ];
    boxes.set([y - h / 2, x - w / 2, y + h / 2, x + w / 2], 4 * row);
    const factor = objectness ? probabilities[at(row, 4)]! : 1;
    for (let c = 0; c < classes; c++) scores[row * classes + c] = probabilities[at(row, first + c)]! * factor;
  }
  return { boxes, scores };
}
