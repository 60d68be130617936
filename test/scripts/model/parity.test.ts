import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import { type io, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tarballOf } from '../../../scripts/model/build.js';
import { convert, readTfjs, type TfjsFiles } from '../../../scripts/model/convert.js';
import { withPackage } from '../../../scripts/model/fetch.js';
import { type BuildManifest, readManifest } from '../../../scripts/model/manifest.js';
import { tfjsToOnnx } from '../../../scripts/model/tfjs-to-onnx.js';
import { readWeights } from '../../../scripts/model/tfjs-weights.js';
import { headOf } from '../../../src/heads/index.js';
import { selectClasses } from '../../../src/heads/selection.js';
import { sigmoid } from '../../../src/kernels/maths/activation.js';
import { builtinModel } from '../../../src/model/builtin.js';
import { makeFeeds } from '../../../src/model/feeds.js';
import { openSession, type Session } from '../../../src/model/session.js';
import type { Tensors } from '../../../src/types/model.js';
import { expectClose } from '../../support/close.js';
import { geometryOf } from '../../support/geometry.js';
import { randomNumbers } from '../../support/random.js';
import { runSession } from '../../support/run-session.js';
import { loadTfjs } from './tfjs.js';

// The built-in model against the TensorFlow.js model that it was made from.

/** Both runtimes sum thousands of float32 terms per number, in different orders. Logits go from −20 to 5. */
const TOLERANCE = 1e-4;
/**
 * In a flat picture all rows of a map err in the same direction. Of the logits of a black one, computed in double
 * precision, TensorFlow.js is up to 1.5e-4 away and the ONNX model up to 0.9e-4.
 */
const FLAT_TOLERANCE = 4e-4;
const SIZE = 300;
const PERSON = 1;
const manifestFile = fileURLToPath(new URL('../../../models/ssdlite-mobilenet-v2-coco.json', import.meta.url));

let manifest: BuildManifest;
let files: TfjsFiles;
let conversions: Uint8Array[];
let reference: GraphModel<io.IOHandlerSync>;
let session: Session;

beforeAll(async () => {
  manifest = await readManifest(manifestFile);
  const tarball = tarballOf(manifest, dirname(manifestFile));
  if (!existsSync(tarball)) throw new Error(`${tarball} is missing. npm run model fetches it.`);
  [files, ...conversions] = await withPackage(manifest.source, tarball, (folder) =>
    Promise.all([readTfjs(manifest.source, folder), convert(manifest, folder), convert(manifest, folder)]),
  );
  reference = await loadTfjs(files);
  const { input, head } = manifest.spec;
  session = await openSession(builtinModel(), { input, outputs: headOf(head).outputs(head), threads: 1 });
}, 30_000);

afterAll(() => session?.close());

/** Pictures as [300, 300, 3] RGB of 8 bits. */
const pictures: [string, number, () => Uint8Array][] = [
  ['noise', TOLERANCE, () => picture((random) => () => random() * 256)],
  ['rectangles', TOLERANCE, () => picture(rectangles)],
  ['black', FLAT_TOLERANCE, () => picture(() => () => 0)],
  ['white', FLAT_TOLERANCE, () => picture(() => () => 255)],
];

describe.each(pictures)('%s', (_, tolerance, draw) => {
  let pixels: Uint8Array;
  let values: Float32Array<ArrayBuffer>;
  let outputs: Tensors;

  beforeAll(async () => {
    pixels = draw();
    const feeds = makeFeeds({ pixels, geometry: wholeImage }, manifest.spec.input);
    values = feeds.images.data as Float32Array<ArrayBuffer>; // [3, 300, 300]
    outputs = await runSession(session, feeds);
  });

  test('the raw outputs are those of TensorFlow at the cut', async () => {
    const { graph } = manifest;
    const image = tensor(channelsLast(values), [1, SIZE, SIZE, 3]);
    const cuts = graph.outputs.map((output) => output.tensor);
    const expected = reference.execute({ [graph.input.tensor]: image }, cuts) as Tensor[];
    for (const [i, { name }] of graph.outputs.entries()) {
      expect(outputs[name].dims, name).toEqual(expected[i].shape);
      expectClose(outputs[name].data, await expected[i].data(), name === 'anchors' ? 0 : tolerance, name);
    }
  });

  test('input, scores and decoded boxes are those of the whole TensorFlow graph', async () => {
    const image = tensor(Int32Array.from(pixels), [1, SIZE, SIZE, 3], 'int32');
    const ends = ['Preprocessor/sub', 'Postprocessor/convert_scores', 'Postprocessor/ExpandDims_1'];
    const results = (await reference.executeAsync({ image_tensor: image }, ends)) as Tensor[];
    const [input, scores, boxes] = await Promise.all(results.map((result) => result.data()));
    // Less than one step of float32 below 1: TensorFlow multiplies by 2/255, the spec subtracts and divides.
    expectClose(channelsLast(values), input, 2 ** -22, 'input');
    expectClose(outputs.class_logits.data.map(sigmoid), scores, TOLERANCE, 'scores');
    expectClose(decodedBoxes(outputs), boxes, TOLERANCE, 'boxes');
  });
});

describe('conversion', () => {
  test('gives the same bytes each time: those of the manifest', () => {
    for (const onnx of conversions) {
      expect(createHash('sha256').update(onnx).digest('hex')).toBe(manifest.sha256);
      expect(onnx.length).toBe(manifest.bytes);
    }
  });

  test('computes every convolution of the original once, and no batch norm', () => {
    const { modelTopology, weightsManifest } = files.model;
    const weights = new Map(weightsManifest.flatMap((group, i) => [...readWeights(group, files.weights[i])]));
    const { nodes } = tfjsToOnnx(modelTopology.node, weights, manifest.graph);
    const originals = modelTopology.node.filter(({ op }) => op === 'Conv2D' || op === 'DepthwiseConv2dNative');
    expect(nodes.filter(({ opType }) => opType === 'Conv')).toHaveLength(originals.length);
    const used = new Set(nodes.map(({ opType }) => opType));
    expect(used).toEqual(new Set(['Conv', 'Clip', 'Add', 'Transpose', 'Reshape', 'Concat', 'Identity']));
  });
});

const wholeImage = geometryOf(SIZE, SIZE);

/** Boxes of all anchors as TensorFlow writes them: y1, x1, y2, x2 as fractions of the image. */
function decodedBoxes(outputs: Tensors): Float32Array {
  const { head, labels } = manifest.spec;
  const scoreThresholds = new Float64Array(labels.length).fill(Number.NaN);
  scoreThresholds[PERSON] = 0; // of every anchor
  const selection = selectClasses({ scoreThresholds, labelled: Uint16Array.of(PERSON), single: false });
  const { boxes } = headOf(head).candidates(outputs, head, wholeImage, selection);
  return boxes.map((_, i) => boxes[i ^ 1] / SIZE); // i ^ 1 swaps x and y
}

function channelsLast(planes: Float32Array): Float32Array {
  return planes.map((_, i) => planes[(i % 3) * SIZE * SIZE + Math.floor(i / 3)]);
}

type Painter = (random: () => number) => (x: number, y: number, channel: number) => number;

function picture(painter: Painter): Uint8Array {
  const paint = painter(randomNumbers(20_240_601));
  const at = (i: number) => paint(Math.floor(i / 3) % SIZE, Math.floor(i / 3 / SIZE), i % 3);
  return Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => at(i));
}

/** Flat areas with sharp edges, which move the logits further than noise does. */
function rectangles(random: () => number) {
  const shapes = Array.from({ length: 12 }, () => {
    const [x, y] = [random() * SIZE, random() * SIZE];
    const colour = [random() * 256, random() * 256, random() * 256];
    return { x, y, right: x + random() * SIZE, bottom: y + random() * SIZE, colour };
  });
  return (x: number, y: number, channel: number) => {
    const top = shapes.findLast((shape) => x >= shape.x && x < shape.right && y >= shape.y && y < shape.bottom);
    return top?.colour[channel] ?? 128;
  };
}
