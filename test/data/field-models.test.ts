import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createDetector } from '../../src/detector.js';
import { SigboxError } from '../../src/errors.js';
import type { DetectorOptions } from '../../src/options/detector-options.js';
import { data, describeWithData } from '../support/data.js';

// Small files made after public reports of detectors that were taken for others. Each must give its two boxes, or be refused
// with a reason that names what is there; a model that is taken for another fails.

/** What is expected of the picture where nothing else is said: two boxes, of the first class and of the second. */
const BOXES = [
  { box: [40, 40, 120, 140], label: 0, score: 0.9 },
  { box: [180, 60, 300, 200], label: 1, score: 0.8 },
];
const oneClass = BOXES.map((found) => ({ ...found, label: 0 }));

/** Cases that expect other boxes, and what their labels are counted from. */
const OTHERS: Record<string, { boxes: typeof BOXES; family?: RegExp }> = {
  'deepstream-1': { boxes: oneClass },
  'lie-task-pose': { boxes: oneClass },
  yolop: { boxes: oneClass },
  'rfdetr-1column': {
    boxes: [
      { ...BOXES[0], label: 0 },
      { ...BOXES[1], label: 0, score: 0.77 },
    ],
  },
  'rfdetr-2025-3class': { boxes: [BOXES[0], { ...BOXES[1], label: 2 }] },
  'names-digits-10': {
    boxes: [
      { ...BOXES[0], label: 3 },
      { ...BOXES[1], label: 7 },
    ],
  },
  // No boxes were planted in these: what they are taken for is all there is to see.
  'rknn-yolox-13': { boxes: [], family: /^YOLOX, raw \(13 classes\)$/ },
  yunet: { boxes: [], family: /^YuNet/ },
};

const REFUSED: Record<string, RegExp> = {
  'kerascv-yolov8': /"box" has 64 numbers per cell, .* no distributions of distances/,
  'rknn-yolov5': /three anchors per cell, which the file does not hold\. A spec .*\{"head":\{"anchors":"yolov5"\}\}/,
  'ssd-deltas-softmax': /"boxes" holds offsets to anchors, not boxes/,
  'ul-gray': /expected an input for pictures of three channels/,
  'v8-int8-out': /output "output0" is int8: multiples of a step that the file does not give/,
};

const folder = data('field', 'models');
const names = existsSync(folder)
  ? readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/model.onnx`))
  : [];

describeWithData('models after public reports', () => {
  test.each(names)('%s', async (name) => {
    const outcome = await detect(name);
    if (outcome instanceof SigboxError) {
      expect(outcome).toMatchObject({ code: 'E_MODEL', message: expect.stringMatching(REFUSED[name] ?? /^$/) });
      return;
    }
    const { boxes, family = /./ } = OTHERS[name] ?? { boxes: BOXES };
    expect(outcome.family).toMatch(family);
    expect(outcome.found).toEqual(boxes);
  });

  test('the advice on anchors works', async () => {
    const outcome = await detect('rknn-yolov5', { spec: { head: { anchors: 'yolov5' } } });
    expect(outcome).not.toBeInstanceOf(SigboxError);
  });

  test('several pictures share the runs of a model that takes four at once', async () => {
    const detector = await createDetector({ model: `${folder}/ul-batch4/model.onnx`, workers: 0 });
    const results = await Promise.all(Array.from({ length: 6 }, () => detector.detect(`${folder}/t.png`)));
    await detector.close();
    for (const { detections } of results)
      expect(detections.map(({ box }) => box.map(Math.round))).toEqual(BOXES.map(({ box }) => box));
  });
});

async function detect(name: string, options: DetectorOptions = {}) {
  try {
    const detector = await createDetector({ model: `${folder}/${name}/model.onnx`, workers: 0, ...options });
    const { detections } = await detector.detect(`${folder}/t.png`);
    await detector.close();
    const first = detector.spec.labels.findIndex((label) => label !== null);
    const found = detections.map(({ box, classId, score }) => ({
      box: box.map(Math.round),
      label: classId - first,
      score: Number(score.toFixed(2)),
    }));
    return { family: detector.spec.name, found };
  } catch (error) {
    if (error instanceof SigboxError) return error;
    throw error;
  }
}
