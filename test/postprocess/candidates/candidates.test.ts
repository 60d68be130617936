import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeadSpec } from '../../../src/heads/index.js';
import { candidateModel } from '../../../src/postprocess/candidate-model.js';
import { decodeBlock, encodeBlock } from '../../../src/postprocess/candidates/codec.js';
import { candidateRecording, recordCandidates } from '../../../src/postprocess/candidates/record-candidates.js';
import {
  compilePlan,
  type ImageCandidates,
  type PostprocessOptions,
  postprocess,
  postprocessCandidates,
} from '../../../src/postprocess/index.js';
import { makePlan } from '../../../src/postprocess/make-plan.js';
import { complaint } from '../../support/complaint.js';
import { geometryOf } from '../../support/geometry.js';
import { randomNumbers } from '../../support/random.js';

const ROWS = 60;
const labels = ['car', 'truck', null, 'cat', 'dog', 'car'];
const width = 4 + labels.length;
const geometry = geometryOf(64, 64, { imageWidth: 96, imageHeight: 48, fittedHeight: 32, offsetY: 16 });

const heads: Record<string, HeadSpec> = {
  'dense, logits': {
    ...{ family: 'yolo', output: 'out', layout: 'rows', objectness: false, activation: 'sigmoid' },
    ...{ boxFormat: 'cxcywh', boxUnit: 'input-pixels', suppress: true },
  },
  'dense, suppressed in the graph': {
    ...{ family: 'yolo', output: 'out', layout: 'rows', objectness: false, activation: 'sigmoid' },
    ...{ boxFormat: 'cxcywh', boxUnit: 'image-fractions', suppress: false },
  },
  finished: {
    ...{ family: 'rows', output: 'out', count: null, columns: { all: width, box: 0, score: 4, class: 5 } },
    ...{ boxFormat: 'cxcywh', boxUnit: 'input-pixels' },
  },
};

/** Clusters of boxes, some of them equal, and logits of which many are equal and some saturate. */
function outputsFor(head: HeadSpec, seed: number) {
  const random = randomNumbers(seed);
  const step = 1 + Math.floor(3 * random());
  const data = Array.from({ length: ROWS }, () => {
    const place = Math.floor(6 * random());
    const unit = head.family === 'yolo' && head.boxUnit === 'image-fractions' ? 1 / 64 : 1;
    const box = [10 * place + 2 * Math.round(random()), 30, 12 + Math.round(2 * random()), 10].map((n) => n * unit);
    if (head.family === 'rows') return [...box, Math.round(20 * random()) / 20, Math.floor(7 * random()), 0, 0, 0, 0];
    const logit = () => (random() < 0.05 ? 20 + random() : Math.round(step * (9 * random() - 6)) / step);
    return [...box, ...Array.from(labels, logit)];
  });
  return { out: { dims: [1, ROWS, width], data: Float32Array.from(data.flat()) } };
}

function recorded(head: HeadSpec, seed: number, { floor = 0.01, max = 10_000 } = {}): ImageCandidates {
  const model = candidateModel({ head, labels, parents: [] });
  const recording = candidateRecording(makePlan(model, {}), { floor, max });
  const candidates = recordCandidates(outputsFor(head, seed), head, geometry, recording);
  const block = decodeBlock(encodeBlock('a/ä b.jpg', candidates))!;
  expect(block.image).toBe('a/ä b.jpg');
  expect(block.candidates).toEqual(candidates);
  return { ...block.candidates, model };
}

const curve = fc.constantFrom(
  { kind: 'temperature' as const, temperature: 1.5 },
  { kind: 'platt' as const, slope: 1.2, intercept: 0.4 },
);
const anyOptions = fc.record(
  {
    scoreThreshold: fc.constantFrom(0.1, 0.3, 0.5, 1),
    labelThresholds: fc.constantFrom({ car: 0.6 }, { cat: 0.1, truck: 0.9 }),
    iouThreshold: fc.constantFrom(0, 0.3, 0.7, 1),
    labelIouThresholds: fc.constant({ dog: 0.9 }),
    labels: fc.constantFrom('multi' as const, 'single' as const),
    include: fc.constantFrom(['car', 'dog'], ['cat']),
    exclude: fc.constant(['truck']),
    suppression: fc.constantFrom(
      ...(['nms', 'soft-linear', 'soft-gaussian', 'matrix-linear', 'matrix-gaussian', 'wbf', 'nmw', 'none'] as const),
    ),
    measure: fc.constantFrom('iou' as const, 'diou' as const, 'ios' as const),
    scope: fc.constantFrom<PostprocessOptions['scope']>('class', 'all', [
      ['car', 'truck'],
      ['cat', 'dog'],
    ]),
    maxCandidates: fc.constantFrom(1, 20, 30_000),
    maxDetections: fc.constantFrom(1, 10, 300),
    maxPerClass: fc.constantFrom(1, 5),
    minSide: fc.constantFrom(0, 8),
    maxArea: fc.constantFrom(150, 1e5),
    regionIou: fc.constantFrom(0.3, 0.9, 1),
    calibration: fc.record(
      { shared: curve, labels: fc.record({ cat: curve }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

describe.each(Object.entries(heads))('%s', (_, head) => {
  test('gives what the outputs give, whatever the options', () => {
    const property = fc.property(fc.integer(), anyOptions, (seed, options) => {
      const given = options as unknown as PostprocessOptions;
      const expected = postprocess(outputsFor(head, seed), { head, labels: [...labels] }, { geometry, ...given });
      expect(postprocessCandidates(recorded(head, seed), given)).toEqual(expected);
    });
    fc.assert(property, { numRuns: 200 });
  });

  test('with candidates cut off: the same, or refused', () => {
    let [same, refused] = [0, 0];
    const property = fc.property(fc.integer(), anyOptions, fc.constantFrom(5, 30, 80), (seed, options, max) => {
      const given = options as unknown as PostprocessOptions;
      const expected = postprocess(outputsFor(head, seed), { head, labels: [...labels] }, { geometry, ...given });
      try {
        expect(postprocessCandidates(recorded(head, seed, { max }), given)).toEqual(expected);
        same++;
      } catch (error) {
        expect(String(error)).toMatch(/the answer is not certain: \d+ candidates .* cut off/);
        refused++;
      }
    });
    fc.assert(property, { numRuns: 200 });
    expect(Math.min(same, refused)).toBeGreaterThan(5);
  });
});

const dense = heads['dense, logits']!;

test('a plan for many images', () => {
  const images = [1, 2, 3].map((seed) => recorded(dense, seed));
  const plan = compilePlan(images[0]!.model, { scoreThreshold: 0.4, suppression: 'soft-linear' });
  for (const image of images) {
    const expected = postprocessCandidates(image, { scoreThreshold: 0.4, suppression: 'soft-linear' });
    expect(postprocessCandidates(image, plan)).toEqual(expected);
  }
});

test('a score below the floor is refused, or told of', () => {
  const image = recorded(dense, 1, { floor: 0.2 });
  const message = /not certain: scores from 0\.1 on are wanted, from 0\.2 on are recorded\.$/;
  expect(() => postprocessCandidates(image, { scoreThreshold: 0.1 })).toThrow(complaint('E_ARGUMENT', message));
  const { detections, notes } = postprocessCandidates(image, { scoreThreshold: 0.1 }, { uncertain: 'allow' });
  expect(detections).toEqual(postprocessCandidates(image, { scoreThreshold: 0.2 }).detections);
  expect(notes).toEqual(['not certain: scores from 0.1 on are wanted, from 0.2 on are recorded.']);
});

test('the floor of a run goes down to what its own options want', () => {
  const plan = makePlan({ labels }, { scoreThreshold: 0.5, labelThresholds: { cat: 0.01 } });
  expect(candidateRecording(plan, { floor: 0.05, max: 9 }).floor).toBe(0.01);
});

describe('a block that is not whole', () => {
  const block = encodeBlock('a.jpg', recorded(dense, 1));
  const flipped = (at: number) => block.map((byte, i) => (i === at ? byte ^ 1 : byte));
  test.each([
    ['cut off', block.subarray(0, block.length - 1)],
    ['without a body', block.subarray(0, 8)],
    ['nothing', new Uint8Array(0)],
    ['of another length', flipped(0)],
    ['of another checksum', flipped(5)],
    ['changed inside', flipped(100)],
  ])('%s', (_, bytes) => {
    expect(decodeBlock(bytes)).toBeNull();
  });

  test('blocks one after the other', () => {
    const two = Uint8Array.of(...block, ...encodeBlock('b.jpg', recorded(dense, 2)));
    const first = decodeBlock(two)!;
    expect([first.image, decodeBlock(two, first.end)?.image]).toEqual(['a.jpg', 'b.jpg']);
    expect(decodeBlock(two, decodeBlock(two, first.end)!.end)).toBeNull();
  });
});
