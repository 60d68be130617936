import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { averagePrecision } from '../reference/coco-eval.js';
import { data, describeWithData } from '../support/data.js';
import { sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Average precision by pycocotools 2.0.11. */
interface Expected {
  precision: number;
  at50: number;
  tolerance: number;
}

describeWithData('average precision on 128 images of COCO val2017', () => {
  const rows: [string, string[], Expected][] = [
    // Of the same results: machines differ in the last bits of the logits.
    [
      'the built-in model',
      ['--iou', '0.6', '--labels', 'multi'],
      { precision: 0.36806, at50: 0.53818, tolerance: 0.0005 },
    ],
    // Of the families' own programs, by test/fixtures/make/photographs.py --coco.
    [
      'yolov8n_int8_msh',
      [...modelOf('yolov8n_int8_msh'), '--iou', '0.7', '--labels', 'single'],
      { precision: 0.40933, at50: 0.56441, tolerance: 0.005 },
    ],
    [
      'yolox_nano_416',
      [...modelOf('yolox_nano_416'), '--iou', '0.45', '--labels', 'single'],
      { precision: 0.33126, at50: 0.49768, tolerance: 0.005 },
    ],
  ];

  test.each(rows)('%s', async (_, model, { precision, at50, tolerance }) => {
    const out = await temporaryFolder();
    const options = ['--score', '0.01', '--max', '100', '--no-pictures'];
    const outcome = await sigbox(['annotate', data('coco-val-128', 'images'), '--out', out, ...options, ...model]);
    expect(outcome).toMatchObject({ status: 0, stdout: expect.stringMatching(/^128 images annotated: /) });
    const { annotations } = JSON.parse(await readFile(data('coco-val-128', 'instances.json'), 'utf8'));
    const detections = JSON.parse(await readFile(join(out, 'coco-results.json'), 'utf8'));
    const thresholds = Array.from({ length: 10 }, (_, i) => 0.5 + 0.05 * i);
    const precisions = thresholds.map((threshold) => averagePrecision(annotations, detections, threshold));
    const mean = precisions.reduce((sum, p) => sum + p, 0) / precisions.length;
    expect(Math.abs(precisions[0] - at50), `AP50 ${precisions[0]}`).toBeLessThan(tolerance);
    expect(Math.abs(mean - precision), `AP ${mean}`).toBeLessThan(tolerance);
  });
});

function modelOf(name: string): string[] {
  return ['--model', data('models', `${name}.onnx`)];
}
