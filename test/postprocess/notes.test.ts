import { expect, test } from 'vitest';
import { type PostprocessCall, postprocess } from '../../src/postprocess/index.js';

const ROWS = 20_000;

/** A class per column, boxes that lie apart, for an image of 4,000 pixels a side; scores by row and class. */
function notesOf(labels: string[], scoreOf: (row: number, classId: number) => number, options: PostprocessCall) {
  const width = 4 + labels.length;
  const data = new Float32Array(ROWS * width);
  for (let row = 0; row < ROWS; row++) {
    const [x, y] = [20 * (row % 200), 20 * Math.floor(row / 200)];
    data.set([x, y, x + 10, y + 10, ...labels.map((_, classId) => scoreOf(row, classId))], row * width);
  }
  const spec = {
    head: {
      family: 'yolo',
      output: 'out',
      layout: 'rows',
      objectness: false,
      activation: 'none',
      boxFormat: 'xyxy',
      boxUnit: 'input-pixels',
      suppress: true,
    },
    labels,
    input: { width: 4000, height: 4000, fit: 'stretch' },
  } as const;
  const image = { width: 4000, height: 4000 };
  return postprocess({ out: { dims: [1, ROWS, width], data } }, spec, { image, ...options }).notes;
}

const rising = (row: number) => 0.5 + (0.5 * row) / ROWS;

test.each<[string, string[], (row: number, classId: number) => number, PostprocessCall, number]>([
  ['labels that several classes have count once', ['a', 'a'], rising, {}, ROWS],
  [
    'infinite scores do not count',
    ['a'],
    (row) => (row < 200 ? Number.POSITIVE_INFINITY : rising(row)),
    { maxCandidates: 19_700 },
    ROWS - 200,
  ],
  [
    'calibrated scores under the threshold do not count',
    ['a'],
    (row) => (row % 2 === 0 ? 0.3499999 : rising(row)),
    { maxCandidates: 9_000, calibration: { shared: { kind: 'temperature', temperature: 1 } } },
    ROWS / 2,
  ],
])('however many are looked at, notes say the same: %s', (_, labels, scoreOf, options, count) => {
  for (const maxCandidates of [options.maxCandidates ?? 30_000, count - 1, count]) {
    const [few, many] = [10, 30_000].map((maxDetections) =>
      notesOf(labels, scoreOf, { ...options, maxDetections, maxCandidates }),
    );
    const cut = count - maxCandidates;
    const note = `maxCandidates: ${cut} of ${count} candidates were cut; the ${maxCandidates} with the highest scores were looked at.`;
    expect(many).toEqual(cut > 0 ? [note] : undefined);
    expect(few).toEqual(many);
  }
});
