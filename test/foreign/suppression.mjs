/** Answers suppression.py: a question per line of standard input, what sigbox keeps per line of standard output. */
import { createInterface } from 'node:readline';
import { fuseBoxes, nms } from '../../dist/postprocess/index.js';
import { planFrom } from '../../dist/postprocess/plan.js';
import { suppress } from '../../dist/postprocess/suppress/suppress.js';

for await (const line of createInterface({ input: process.stdin })) {
  const { what, options, ...arrays } = JSON.parse(line);
  const models = arrays.models.map(({ boxes, scores, classIds }) => ({
    boxes: numbers(Float32Array, boxes),
    scores: numbers(Float32Array, scores),
    classIds: numbers(Uint16Array, classIds),
  }));
  console.log(JSON.stringify(answer(what, models, options)));
}

function answer(what, models, options) {
  const [{ boxes, scores, classIds }] = models;
  if (what === 'nms') return { keep: [...nms(boxes, scores, classIds, options)] };
  if (what === 'fuse') {
    const fused = fuseBoxes(models, options);
    return { boxes: [...fused.boxes], scores: [...fused.scores], classIds: [...fused.classIds] };
  }
  const labels = Array.from({ length: 1 + Math.max(0, ...classIds) }, (_, classId) => `c${classId}`);
  const rows = Uint32Array.from(scores.keys());
  const kept = suppress({ rows, scores, classIds, boxes, space: 'input' }, planFrom(labels, options));
  return { keep: [...kept.keep] };
}

/** Base64, for JSON has no NaN. */
function numbers(Kind, text) {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Kind(bytes.buffer);
}
