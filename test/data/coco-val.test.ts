import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { averagePrecision } from '../reference/coco-eval.js';
import { data, describeWithData } from '../support/data.js';
import { sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describeWithData('128 images of COCO val2017', () => {
  test('average precision of the built-in model', async () => {
    const out = await temporaryFolder();
    const options = ['--score', '0.01', '--iou', '0.6', '--max', '100', '--labels', 'multi', '--no-pictures'];
    const outcome = await sigbox(['annotate', data('coco-val-128', 'images'), '--out', out, ...options]);
    expect(outcome).toMatchObject({ status: 0, stdout: expect.stringMatching(/^128 images annotated: /) });
    const { annotations } = JSON.parse(await readFile(data('coco-val-128', 'instances.json'), 'utf8'));
    const detections = JSON.parse(await readFile(join(out, 'coco-results.json'), 'utf8'));
    const thresholds = Array.from({ length: 10 }, (_, i) => 0.5 + 0.05 * i);
    const precisions = thresholds.map((threshold) => averagePrecision(annotations, detections, threshold));
    // pycocotools 2.0.11 on the same file: AP 0.36806, AP50 0.53818. Machines differ in the last bits of the logits.
    expect(precisions[0]).toBeCloseTo(0.53818, 3);
    expect(precisions.reduce((sum, p) => sum + p, 0) / 10).toBeCloseTo(0.36806, 3);
  });
});
