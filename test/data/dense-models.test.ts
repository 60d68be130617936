import { expect, test } from 'vitest';
import type { DflHeadSpec } from '../../src/heads/contracts/dfl.js';
import { headOf } from '../../src/heads/index.js';
import { selectClasses } from '../../src/heads/selection.js';
import { identify } from '../../src/identify/identify.js';
import { decodeImage } from '../../src/image/decode.js';
import { createDetector } from '../../src/index.js';
import { makeFeeds } from '../../src/model/feeds.js';
import { openSession } from '../../src/model/session.js';
import { decodeDfl } from '../reference/dfl.js';
import { data, describeWithData } from '../support/data.js';
import { runSession } from '../support/run-session.js';

const rows: [string, string, number, string[]][] = [
  // By hand of its file: outputs 792, 814 and 836 are the scores.
  ['nanodet_m_hpc203.onnx', 'NanoDet (80 classes)', 416, ['792 795', '814 817', '836 839']],
  [
    'picodet_s_320.onnx',
    'PicoDet (80 classes)',
    320,
    [0, 1, 2, 3].map((i) => `save_infer_model/scale_${i}.tmp_1 save_infer_model/scale_${i + 4}.tmp_1`),
  ],
];

describeWithData.each(rows)('%s', (file, name, side, pairs) => {
  const model = data('models', file);

  test('is recognised without any option, and finds the bus and the persons of bus.jpg', async () => {
    const { spec, warnings } = await identify(model);
    expect([spec.name, warnings]).toEqual([name, []]);
    const detector = await createDetector({ model, workers: 0, scoreThreshold: 0.4 });
    try {
      const { detections } = await detector.detect(data('photos', 'bus.jpg'));
      const labels = detections.map(({ label }) => label);
      expect(labels.filter((label) => label === 'bus')).toHaveLength(1);
      expect(labels.filter((label) => label === 'person').length).toBeGreaterThanOrEqual(3);
      expect(new Set(labels)).toEqual(new Set(['bus', 'person']));
    } finally {
      await detector.close();
    }
  });

  test('every box is that of the published rule on the same outputs', async () => {
    const { spec } = await identify(model);
    const head = spec.head as DflHeadSpec;
    const fitted = await decodeImage({ kind: 'path', path: data('photos', 'bus.jpg') }, spec.input, {
      background: '#ffffff',
      lenient: false,
    });
    const session = await openSession(model, { input: spec.input, outputs: headOf(head).outputs(head), threads: 0 });
    const outputs = await runSession(session, makeFeeds(fitted, spec.input));
    await session.close();

    const scoreThresholds = new Float64Array(80).fill(0);
    const labelled = Uint16Array.from({ length: 80 }, (_, i) => i);
    const selection = selectClasses({ scoreThresholds, labelled, single: true });
    const found = headOf(head).candidates(outputs, head, fitted.geometry, selection);
    const levels = pairs.map((pair, i) => {
      const [scores, distances] = pair.split(' ');
      return { scores, distances, stride: 8 * 2 ** i };
    });
    const expected = decodeDfl(outputs, levels, [side, side]);
    expect(found.scores).toHaveLength(expected.length);
    for (const [i, [classId, score, ...box]] of expected.entries()) {
      expect([found.classIds[i], found.scores[i]], `row ${i}`).toEqual([classId, score]);
      for (const [k, edge] of box.entries()) {
        // Pixels up to 832 as float32: half of their last bit is 3e-5.
        expect(Math.abs(found.boxes[4 * i + k] - edge), `row ${i}, side ${k}`).toBeLessThan(1e-4);
      }
    }
  });
});
