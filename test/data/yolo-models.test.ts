import { expect, test } from 'vitest';
import { identify } from '../../src/identify/identify.js';
import { createDetector } from '../../src/index.js';
import { data, describeWithData } from '../support/data.js';

/** Label, score, and x1, y1, x2, y2 in pixels of bus.jpg. */
type Row = [label: string, score: number, ...box: number[]];

/**
 * What ultralytics.utils.nms.non_max_suppression of Ultralytics 8.4.190, and demo_postprocess and postprocess of YOLOX 0.3.0
 * make of the same outputs from score 0.5 on; they agree with sigbox to 4e-5 pixels on five photographs.
 */
const rows: [file: string, name: string, Row[]][] = [
  [
    'yolov8n_int8_msh.onnx',
    'Ultralytics YOLO (80 classes)',
    [
      ['person', 0.907, 672.4, 381.3, 809.8, 879.8],
      ['person', 0.897, 221.2, 407.8, 343.6, 857.0],
      ['person', 0.893, 50.5, 398.0, 243.3, 904.2],
      ['bus', 0.822, 33.6, 231.7, 796.0, 767.8],
    ],
  ],
  [
    'yolo26n_int8.onnx',
    'Ultralytics YOLO (80 classes)',
    [
      ['person', 0.934, 50.4, 397.4, 239.2, 904.4],
      ['bus', 0.924, 17.9, 219.2, 810.0, 764.9],
      ['person', 0.894, 228.3, 404.5, 346.7, 865.1],
      ['person', 0.852, 675.3, 395.0, 809.2, 881.8],
    ],
  ],
  [
    'yolox_nano_416.onnx',
    'YOLOX (80 classes)',
    [
      ['bus', 0.916, 5.6, 229.3, 805.2, 737.1],
      ['person', 0.848, 56.1, 387.3, 210.8, 900.2],
      ['person', 0.813, 216.7, 410.8, 348.6, 855.4],
      ['person', 0.678, 682.9, 447.9, 810.0, 875.2],
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
