import { describe, expect, test } from 'vitest';
import { expectGolden, goldenOf, outputsOf } from '../../support/golden.js';
import { becauseOf, identified } from '../../support/identified.js';
import type { OutputGiven } from '../../support/onnx.js';

const open = [{ name: 'images', dims: [1, 3, 'height', 'width'] }];
const fixed = [{ name: 'images', dims: [1, 3, 96, 128] }];
const names = { names: "['a', 'b', 'c', 'd', 'e']" };
/** Nodes whose outputs nobody reads: only their operators count. */
const nodesOf = (operators: string[]) =>
  operators.flatMap((opType) => {
    if (opType !== 'RoiAlign') return [{ opType, name: opType, inputs: ['images'], outputs: [`of ${opType}`] }];
    const zeros = { opType: 'Sub', name: 'zeros', inputs: ['labels', 'labels'], outputs: ['zeros'] };
    return [zeros, { opType, name: opType, inputs: ['images', 'boxes', 'zeros'], outputs: [`of ${opType}`] }];
  });

/** As torch.onnx.export declares them. */
function exported(name: string): OutputGiven[] {
  return outputsOf(goldenOf('torchvision', name), {
    boxes: { declared: ['k', 4] },
    scores: { declared: ['k'] },
    labels: { declared: ['k'], type: 'int64' },
  });
}

describe('exported whole', () => {
  const rows: [string, string, string[]][] = [
    ['Faster R-CNN', 'Faster R-CNN', ['RoiAlign', 'Softmax']],
    ['RetinaNet', 'RetinaNet or FCOS', []],
    ['FCOS', 'RetinaNet or FCOS', []],
    ['SSDLite', 'SSD', ['Softmax']],
  ];

  test.each(rows)('%s', async (name, kind, operators) => {
    const golden = goldenOf('torchvision', name);
    const nodes = nodesOf(operators);
    const model = await identified({ inputs: open, outputs: exported(name), metadata: names, nodes });
    expect(model.spec).toMatchObject({
      name: `torchvision ${kind} (5 classes)`,
      input: { channels: 'rgb', scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1], fit: 'shortest-edge' },
      head: { family: 'parts', boxFormat: 'xyxy', boxUnit: 'input-pixels' },
      labels: [null, 'a', 'b', 'c', 'd', 'e'],
    });
    expect(becauseOf(model, 'class numbers')).toBe('torchvision keeps 0 for background');
    expect(model.warnings).toEqual([]);
    expectGolden(golden, model.spec.head, 6);
  });

  test('names and order of the outputs do not matter', async () => {
    const named: Record<string, string> = { boxes: '2653', scores: '2622', labels: '2623' };
    const outputs = exported('RetinaNet').map((output) => ({ ...output, name: named[output.name] }));
    const { spec } = await identified({ inputs: open, outputs: outputs.reverse(), metadata: names });
    expect(spec.head).toMatchObject({ boxes: '2653', scores: '2622', classes: '2623' });
  });

  test('without a batch', async () => {
    const inputs = [{ name: 'images', dims: [3, 'height', 'width'] }];
    const { spec } = await identified({ inputs, outputs: exported('FCOS'), metadata: names });
    expect(spec.input).toMatchObject({ batched: false, fit: 'shortest-edge', scale: 1 / 255 });
  });
});

describe('how pictures are fitted', () => {
  const rows: [string, typeof open | typeof fixed, string[], object][] = [
    ['any size', open, [], { fit: 'shortest-edge', width: 1333, height: 800 }],
    ['a fixed size: padded right and below', fixed, [], { fit: 'letterbox-top-left', width: 128, height: 96 }],
    ['SSD, any size: its graph stretches', open, ['Softmax'], { fit: 'shortest-edge', width: 1024, height: 512 }],
    ['SSD, a fixed size', fixed, ['Softmax'], { fit: 'stretch', width: 128, height: 96 }],
  ];

  test.each(rows)('%s', async (_, inputs, operators, input) => {
    const nodes = nodesOf(operators);
    const { spec } = await identified({ inputs, outputs: exported('RetinaNet'), metadata: names, nodes });
    expect(spec.input).toMatchObject(input);
  });
});

/** Boxes, scores, classes. */
const finished = (classes: number[]): OutputGiven[] => [
  { name: 'boxes', dims: [classes.length, 4], declared: ['k', 4] },
  { name: 'scores', dims: [classes.length], declared: ['k'], values: classes.map(() => 0.5) },
  { name: 'labels', type: 'int64', dims: [classes.length], declared: ['k'], values: classes },
];

describe('class numbers', () => {
  test('without names COCO’s ids, with a warning', async () => {
    const { spec, warnings } = await identified({ inputs: open, outputs: finished([1, 90]) });
    expect([spec.labels[0], spec.labels[1], spec.labels[90]]).toEqual([null, 'person', 'toothbrush']);
    expect(warnings).toEqual([expect.stringMatching(/taken for COCO’s ids.*--labels-file/)]);
  });

  test('class 0 in a run: no background', async () => {
    const model = await identified({ inputs: open, outputs: finished([0, 1]), metadata: names });
    expect(model.spec.labels).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(becauseOf(model, 'class numbers')).toBe('class 0 is found in a run');
  });

  test('80 names are COCO’s, on its ids', async () => {
    const eighty = JSON.stringify(Array.from({ length: 80 }, (_, i) => `n${i}`));
    const { spec } = await identified({ inputs: open, outputs: finished([1]), metadata: { names: eighty } });
    expect([spec.labels[0], spec.labels[1], spec.labels[12], spec.labels[90]]).toEqual([null, 'n0', null, 'n79']);
  });

  test('nothing found in a run', async () => {
    const { spec } = await identified({ inputs: open, outputs: finished([]), metadata: names });
    expect(spec.labels).toEqual([null, 'a', 'b', 'c', 'd', 'e']);
  });
});

test.each([
  ['masks', { name: '7', dims: [2, 1, 28, 28] }],
  ['key points', { name: '8', dims: [2, 17, 3] }],
])('%s: left out, with a note', async (what, output) => {
  const { warnings } = await identified({ inputs: open, outputs: [...finished([1, 2]), output] });
  expect(warnings).toContainEqual(
    expect.stringMatching(new RegExp(`gives ${what} as well \\(output "${output.name}"`)),
  );
});
