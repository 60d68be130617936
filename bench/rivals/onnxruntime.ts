import { writeOnnx } from '../../scripts/model/onnx-writer.js';
import { type DetectorOutput, IOU_THRESHOLD, MAX_DETECTIONS } from '../sets.js';
import { contender, contenderOf, type Rival } from './rival.js';

const INT64 = 7;

/**
 * onnxruntime's operator NonMaxSuppression, at most 300 of each class, and the best 300 of those. It is given scores after
 * sigmoid class by class, and boxes apart; of objectness it knows nothing, and single labels are not its way.
 */
export async function openOnnxruntime(): Promise<Rival> {
  const { InferenceSession, Tensor } = await contender('onnxruntime-node');
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  return {
    async load({ rows, classes, objectness, probabilities, scoreThreshold }: DetectorOutput) {
      if (objectness) return null;
      const session = await InferenceSession.create(modelOf(rows, classes), options);
      const boxes = Float32Array.from({ length: 4 * rows }, (_, i) => probabilities[(i % 4) * rows + (i >> 2)]!);
      const scores = probabilities.slice(4 * rows);
      const feeds = {
        boxes: new Tensor('float32', boxes.slice(), [1, rows, 4]),
        scores: new Tensor('float32', scores, [1, classes, rows]),
        max: new Tensor('int64', BigInt64Array.of(BigInt(MAX_DETECTIONS)), [1]),
        iou: new Tensor('float32', Float32Array.of(IOU_THRESHOLD), [1]),
        conf: new Tensor('float32', Float32Array.of(scoreThreshold), [1]),
      };
      const write = () => {
        feeds.boxes.data.set(boxes);
        scores.set(probabilities.subarray(4 * rows));
      };
      return {
        'onnxruntime NonMaxSuppression': contenderOf(write, async (multi) => {
          if (!multi) return { ms: Number.NaN, kept: 0, sum: 0 };
          const start = performance.now();
          const { kept } = await session.run(feeds);
          const found: { score: number; at: number }[] = [];
          for (let i = 0; i < kept.data.length; i += 3) {
            found.push({ score: scores[Number(kept.data[i + 1]) * rows + Number(kept.data[i + 2])]!, at: i });
          }
          found.sort((a, b) => b.score - a.score);
          const best = found.slice(0, MAX_DETECTIONS);
          const ms = performance.now() - start;
          return { ms, kept: best.length, sum: best.reduce((sum, { score }) => sum + score, 0) };
        }),
      };
    },
    close: async () => {},
  };
}

function modelOf(rows: number, classes: number): Uint8Array {
  const inputs = ['boxes', 'scores', 'max', 'iou', 'conf'];
  return writeOnnx({
    name: 'nms',
    nodes: [
      { opType: 'NonMaxSuppression', name: 'nms', inputs, outputs: ['kept'], attributes: { center_point_box: 1 } },
    ],
    initializers: [],
    inputs: [
      { name: 'boxes', dims: [1, rows, 4] },
      { name: 'scores', dims: [1, classes, rows] },
      { name: 'max', dims: [1], type: INT64 },
      { name: 'iou', dims: [1] },
      { name: 'conf', dims: [1] },
    ],
    outputs: [{ name: 'kept', dims: ['n', 3], type: INT64 }],
    metadata: {},
  });
}
