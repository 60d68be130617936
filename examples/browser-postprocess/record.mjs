// Runs the built-in model on samples/street.jpg and keeps the rows with the highest logits, in street.json.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ort from 'onnxruntime-node';
import sharp from 'sharp';
import { createDetector } from 'sigbox';

const ROWS = 80;
const picture = fileURLToPath(new URL('samples/street.jpg', import.meta.resolve('sigbox/package.json')));
const detector = await createDetector({ workers: 0 });
const { head, input, labels } = detector.spec;

const { width, height } = await sharp(picture).metadata();
const pixels = await sharp(picture).resize(input.width, input.height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
const size = input.width * input.height;
const values = new Float32Array(3 * size);
for (let i = 0; i < pixels.length; i++) {
  const channel = i % 3;
  const at = input.layout === 'nhwc' ? i : channel * size + Math.floor(i / 3);
  values[at] = (pixels[i] * input.scale - input.mean[channel]) / input.std[channel];
}
const dims = input.layout === 'nhwc' ? [1, input.height, input.width, 3] : [1, 3, input.height, input.width];
await detector.close();
const session = await ort.InferenceSession.create(detector.file);
const raw = await session.run({ [input.name]: new ort.Tensor('float32', values, dims) });

const classes = labels.length;
const logits = raw[head.scores].data;
const best = (row) => Math.max(...labels.flatMap((label, c) => (label === null ? [] : logits[row * classes + c])));
const rows = Array.from({ length: logits.length / classes }, (_, row) => row);
const kept = rows.sort((a, b) => best(b) - best(a)).slice(0, ROWS);
const part = (name, step, digits) => ({
  dims: [1, kept.length, step],
  data: kept.flatMap((row) =>
    Array.from(raw[name].data.slice(row * step, (row + 1) * step), (x) => Number(x.toFixed(digits))),
  ),
});
const outputs = {
  [head.scores]: part(head.scores, classes, 2),
  [head.boxes]: part(head.boxes, 4, 3),
  [head.anchors]: part(head.anchors, 4, 5),
};
const spec = { head, labels, input: { width: input.width, height: input.height, fit: input.fit } };
await writeFile(
  new URL('street.json', import.meta.url),
  `${JSON.stringify({ image: { width, height }, spec, outputs })}\n`,
);
