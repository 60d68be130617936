import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDetector } from '../../src/detector.js';
import type { DetectorOptions } from '../../src/options/detector-options.js';
import type { DetectionResult } from '../../src/types/detections.js';
import type { RawPixels } from '../../src/types/pictures.js';
import { complaint } from '../support/complaint.js';
import { data, describeWithData } from '../support/data.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const picture: RawPixels = { data: new Uint8Array(64 * 64 * 3).fill(99), width: 64, height: 64, channels: 3 };

interface Outcome extends Omit<DetectionResult, 'image'> {
  warnings: readonly string[];
}

async function detect(name: string, options: DetectorOptions = {}): Promise<Outcome> {
  const detector = await createDetector({ model: data('models-faulty', name), workers: 0, ...options });
  try {
    return { ...(await detector.detect(picture)), warnings: detector.warnings };
  } finally {
    await detector.close();
  }
}

describeWithData('faulty and unusual models', () => {
  const like: [string, string, DetectorOptions, number][] = [
    ['ok_yolov8_style_80.onnx', 'the control', {}, 0],
    ['double_out.onnx', 'float64 output', {}, 0],
    ['dynamic_batch.onnx', 'any batch', {}, 0],
    ['dynamic_axes.onnx', 'any size: the one that is given', { size: [64, 64] }, 0],
    ['float16_in.onnx', 'float16 input', {}, 0],
    ['float16_out.onnx', 'float16 output: boxes up to 64 are halves to 1/32', {}, 1 / 32],
    ['nhwc_input.onnx', 'NHWC input', {}, 0],
  ];

  test.each(like)('%s, %s: the six boxes of the control', async (name, _, options, tolerance) => {
    const control = await detect('ok_yolov8_style_80.onnx');
    const { detections, warnings } = await detect(name, options);
    expect(warnings).toEqual([]);
    expect(detections).toHaveLength(6);
    expect(detections.map(({ label }) => label)).toEqual(control.detections.map(({ label }) => label));
    for (const [i, { box, score }] of detections.entries()) {
      const { box: edges, score: same } = control.detections[i]!;
      for (const [k, edge] of box.entries()) expect(Math.abs(edge - edges[k]!)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(score - same)).toBeLessThanOrEqual(tolerance === 0 ? 0 : 2 ** -11); // the last bit of a half near 1
    }
  });

  test('dynamic_axes.onnx without a size gets the usual one', async () => {
    await using detector = await createDetector({ model: data('models-faulty', 'dynamic_axes.onnx'), workers: 0 });
    expect(detector.spec.input).toMatchObject({ width: 640, height: 640 });
  });

  const nothing: [string, RegExp][] = [['zero_candidates.onnx', /^Output "output0" of the model is empty/]];

  test.each(nothing)('%s: no detection, and a warning', async (name, warning) => {
    const { detections, warnings } = await detect(name);
    expect(detections).toEqual([]);
    expect(warnings).toContainEqual(expect.stringMatching(warning));
  });

  test('all_nan.onnx: nothing can be told of it', async () => {
    const message = /No reading that sigbox knows holds in a run: Output "output0" is nothing but NaN/;
    await expect(detect('all_nan.onnx')).rejects.toThrow(complaint('E_MODEL', message));
  });

  test('nan_inf.onnx: what is a number, and a warning', async () => {
    const { detections, warnings } = await detect('nan_inf.onnx');
    expect(detections.length).toBeGreaterThan(0);
    for (const { box, score } of detections) expect([...box, score].every(Number.isFinite)).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(/^Output "output0" has NaN or infinity: boxes that depend on it/)]);
  });

  test('huge_candidates_200k.onnx: in bounded time', async () => {
    const start = performance.now();
    const { detections } = await detect('huge_candidates_200k.onnx', { scoreThreshold: 0.3 });
    expect(performance.now() - start).toBeLessThan(5000); // FAULTS: it takes half a second
    const labels = detections.flatMap((detection) => detection.labels);
    expect(labels.length).toBeGreaterThan(0);
    expect(labels.length).toBeLessThanOrEqual(300);
  });

  test('labels_20_classes.onnx: 80 names are refused', async () => {
    const labelsFile = join(await temporaryFolder(), 'coco.txt');
    await writeFile(labelsFile, Array.from({ length: 80 }, (_, i) => `name ${i}\n`).join(''));
    const message = /coco\.txt: expected names for 20 classes, received 80 up to number 79\.|80 classes.*received 24/;
    await expect(detect('labels_20_classes.onnx', { labelsFile })).rejects.toThrow(
      expect.objectContaining({ message: expect.stringMatching(message) }),
    );
  });

  test('labels_20_classes.onnx: names by the number of classes come with a warning', async () => {
    const { warnings } = await detect('labels_20_classes.onnx');
    expect(warnings).toEqual([expect.stringMatching(/does not name its 20 classes: .* Pascal VOC/)]);
  });

  const refused: [string, RegExp][] = [
    ['git_lfs_pointer.onnx', /expected an ONNX file, received the pointer that Git LFS leaves/],
    ['html_404.onnx', /expected an ONNX file, received a web page/],
    ['is_a_jpeg.onnx', /expected an ONNX file, received a picture\.$/],
    ['truncated_50pct.onnx', /expected an ONNX file, received something else \(it ends after 16921 bytes/],
    ['zero_byte.onnx', /expected an ONNX file, received something else \(the file is empty\)\.$/],
    ['ir_99.onnx', /onnxruntime cannot load it: Unsupported model IR version: 99, max supported IR version: \d+\.$/],
    ['opset_99.onnx', /onnxruntime cannot load it: .*Opset 99 is under development/],
    ['unknown_op.onnx', /onnxruntime cannot load it: .*NoSuchOp/],
    [
      'not_a_detector.onnx',
      /no family that sigbox knows: inputs "images" \[1, 3, 64, 64\]; outputs "output0" \[1, 3, 64, 64\]/,
    ],
    [
      'one_channel_input.onnx',
      /expected an input for pictures of three channels, .* received "images" float32 \[1, 1, 64, 64\]\.$/,
    ],
  ];

  test.each(refused)('%s: one line that names the file', async (name, message) => {
    const attempt = detect(name);
    await expect(attempt).rejects.toThrow(complaint('E_MODEL', message));
    await expect(attempt).rejects.toThrow(complaint('E_MODEL', new RegExp(`^model .*${name}: [^\n]+$`)));
  });

  test('every file has its row', async () => {
    const manifest = JSON.parse(await readFile(data('models-faulty', 'manifest.json'), 'utf8'));
    const others = ['all_nan.onnx', 'nan_inf.onnx', 'huge_candidates_200k.onnx', 'labels_20_classes.onnx'];
    const rows = [...like, ...nothing, ...refused].map(([name]) => name);
    expect([...rows, ...others].sort()).toEqual(manifest.map(({ file }: { file: string }) => file).sort());
  });
});
