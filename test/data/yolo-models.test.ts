import { expect, test } from 'vitest';
import { identify } from '../../src/identify/identify.js';
import { createDetector } from '../../src/index.js';
import { data, describeWithData } from '../support/data.js';

/** Label, score, and x1, y1, x2, y2 in pixels of bus.jpg. */
type Row = [label: string, score: number, ...box: number[]];

/** From score 0.5 on, of the families' own programs, as photographs.test.ts has them more exactly. */
const rows: [file: string, name: string, Row[]][] = [
  [
    'yolov8n_int8_msh.onnx',
    'Ultralytics YOLO (80 classes)',
    [
      ['person', 0.899, 50.5, 397.8, 243.5, 903.4],
      ['person', 0.896, 221.4, 407.7, 342.8, 856.2],
      ['person', 0.89, 671.6, 372.3, 809.8, 879.2],
      ['bus', 0.822, 34.4, 230.8, 800.0, 766.4],
    ],
  ],
  [
    'yolo26n_int8.onnx',
    'Ultralytics YOLO (80 classes)',
    [
      ['bus', 0.933, 10.1, 220.0, 810.0, 766.7],
      ['person', 0.919, 50.6, 396.6, 239.1, 904.6],
      ['person', 0.908, 228.1, 405.7, 347.3, 868.8],
      ['person', 0.838, 674.3, 392.2, 810.0, 880.8],
    ],
  ],
  [
    'yolox_nano_416.onnx',
    'YOLOX (80 classes)',
    [
      ['bus', 0.909, 13.1, 231.1, 801.3, 735.1],
      ['person', 0.855, 50.4, 394.2, 214.5, 898.4],
      ['person', 0.806, 219.3, 402.6, 347.1, 855.5],
      ['person', 0.687, 685.8, 450.6, 810.0, 874.2],
    ],
  ],
];

describeWithData.each(rows)('%s', (file, name, expected) => {
  const model = data('models', file);

  test('is recognised without any option', async () => {
    const { spec, warnings } = await identify(model);
    expect([spec.name, warnings]).toEqual([name, []]);
    expect(spec.labels.slice(0, 2)).toEqual(['person', 'bicycle']);
  });

  test('finds in bus.jpg what its own code finds', async () => {
    const detector = await createDetector({ model, workers: 0, scoreThreshold: 0.5 });
    try {
      const { detections } = await detector.detect(data('photos', 'bus.jpg'));
      for (const [label, score, ...box] of expected) {
        const found = detections.find((detection) => detection.label === label && near(detection.box, box));
        expect(found?.score, `${label} at ${box}`).toBeCloseTo(score, 1); // int8 kernels differ between processors
      }
      expect(detections).toHaveLength(expected.length);
    } finally {
      await detector.close();
    }
  });
});

/** Pixels: int8 kernels of other processors move boxes by a few. */
function near(box: readonly number[], expected: readonly number[]): boolean {
  return box.every((side, k) => Math.abs(side - expected[k]) < 8);
}

const shaped: [file: string, classes: number][] = [
  ['ok_yolov8_style_80.onnx', 80],
  ['double_out.onnx', 80],
  ['dynamic_batch.onnx', 80],
  ['float16_in.onnx', 80],
  ['float16_out.onnx', 80],
  ['nan_inf.onnx', 80],
  ['nhwc_input.onnx', 80],
  ['labels_20_classes.onnx', 20],
  ['huge_candidates_200k.onnx', 4],
];

describeWithData('models of YOLOv8’s shape at 64 × 64, with rows that are no cells', () => {
  test.each(shaped)('%s', async (file, classes) => {
    const { spec } = await identify(data('models-faulty', file));
    expect(spec).toMatchObject({ name: `YOLOv8 and later (${classes} classes)`, head: { layout: 'columns' } });
  });
});
