import { expect, test } from 'vitest';
import { annotationsOfResults } from '../../../src/formats/annotations.js';
import { toJsonLine } from '../../../src/formats/jsonl/jsonl.js';
import { labels, resultOf } from '../results.js';
import { annotated } from '../street.js';
import { writtenFiles } from '../written-files.js';

test('a run’s results as they were', async () => {
  const results = [
    resultOf('a.jpg', [
      [0, 0, Math.fround(0.7), 1],
      [4, 0.9],
      [2, 0.5],
    ]),
    resultOf('b.jpg'),
  ];
  const source = async function* () {
    yield* results;
  };
  const [[, text]] = await writtenFiles(
    'jsonl',
    annotationsOfResults(source, { labels, categoryIds: [9, 8, 7, 6, 5] }),
  );
  expect(text).toBe(results.map(toJsonLine).join(''));
});

test('truth: no scores, marks', async () => {
  const [[, text]] = await writtenFiles('jsonl', annotated);
  expect(JSON.parse(text).detections[0]).toEqual({
    ...{ box: [0, 0, 20, 10], label: 'car', classId: 0, labels: [{ label: 'car', classId: 0 }] },
    ...{ crowd: true, difficult: true, area: 77.5 },
  });
});
