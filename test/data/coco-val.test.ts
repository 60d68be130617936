import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Evaluation } from '../../src/evaluate/evaluation.js';
import type { CocoNumbers } from '../../src/evaluate/metrics/coco.js';
import { expectClose } from '../support/close.js';
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
    ['built-in', ['--iou', '0.6', '--labels', 'multi'], { precision: 0.36806, at50: 0.53818, tolerance: 0.0005 }],
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

  const goldens = JSON.parse(
    readFileSync(new URL('../fixtures/goldens/coco-val.json', import.meta.url), 'utf8'),
  ) as Golden;

  test.each(rows)('%s', async (name, model, { precision, at50, tolerance }) => {
    const out = await temporaryFolder();
    const options = ['--score', '0.01', '--max', '100', '--no-pictures'];
    const outcome = await sigbox(['annotate', data('coco-val-128', 'images'), '--out', out, ...options, ...model]);
    expect(outcome).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^128 images annotated(, \d+ without a region)?: /),
    });
    const groundTruth = data('coco-val-128', 'instances.json');
    const evaluated = await sigbox(['evaluate', groundTruth, out, '--json']);
    const { coco } = JSON.parse(evaluated.stdout) as Evaluation;
    expect(Math.abs(coco.AP50 - at50), `AP50 ${coco.AP50}`).toBeLessThan(tolerance);
    expect(Math.abs(coco.AP - precision), `AP ${coco.AP}`).toBeLessThan(tolerance);
    const golden = goldens[name];
    if (golden === undefined) return;
    const sha256 = createHash('sha256').update(await readFile(join(out, 'coco-results.json')));
    // other detections than pycocotools was given: machines differ in the last bits of the logits
    const exact = sha256.digest('hex') === golden.sha256;
    const names = Object.keys(golden.numbers) as (keyof CocoNumbers)[];
    const numbers = (of: CocoNumbers) => names.map((number) => of[number]);
    expectClose(numbers(coco), numbers(golden.numbers), exact ? 1e-9 : 0.005, `${name}, ${names.join(' ')}`);
  });
});

/** The 12 numbers of pycocotools for the detections in a file of that hash, by test/fixtures/make/coco_val.py. */
type Golden = Record<string, { sha256: string; numbers: CocoNumbers }>;

function modelOf(name: string): string[] {
  return ['--model', data('models', `${name}.onnx`)];
}
