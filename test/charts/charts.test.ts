import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { confusionChart } from '../../src/charts/confusion-chart.js';
import { evaluationCharts } from '../../src/charts/evaluation-charts.js';
import { evaluate } from '../../src/evaluate/evaluate.js';
import { randomCoco } from '../support/random-coco.js';

const { groundTruths, detections, size } = randomCoco(3);
const names = ['bird & bee', '<cat>', 'dog'];
const groundTruth = {
  images: Array.from({ length: size.images }, (_, id) => ({ id })),
  annotations: groundTruths,
  categories: names.map((name, id) => ({ id, name })),
};
const evaluation = evaluate(groundTruth, detections, { scoreThreshold: 0.4 });

describe('the charts of an evaluation', () => {
  const charts = evaluationCharts(evaluation);

  test.each([
    ['precision-recall.svg', ['Precision and recall', `IoU 0.50 (AP ${evaluation.coco.AP50.toFixed(3)})`, 'recall']],
    ['f1.svg', ['F1 by score threshold, at IoU 0.5', 'chosen', 'best', 'score threshold']],
    ['confusion.svg', ['Confusion', 'bird &amp; bee', '&lt;cat&gt;', 'background', 'detected as']],
    ['reliability.svg', ['Reliability of scores', 'mean score', 'detections']],
  ])('%s says what it shows', (name, texts) => {
    const svg = charts.get(name)!;
    for (const text of texts) expect(svg).toContain(`>${text}<`);
  });

  test.each([...charts])('%s is a picture that has ink', async (_, svg) => {
    const { channels, isOpaque } = await sharp(Buffer.from(svg)).stats();
    expect(isOpaque).toBe(true);
    expect(channels[0].max - channels[0].min).toBeGreaterThan(200);
  });
});

test('ground truth without anything in it gives charts as well', () => {
  const bare = evaluate({ ...groundTruth, annotations: [] }, []);
  expect([...evaluationCharts(bare).keys()]).toHaveLength(4);
});

test('a chart of label sets, where something has several labels', () => {
  const several = { ...evaluation.labelSets, multiLabelObjects: 1, hammingLoss: 0.25 };
  const svg = evaluationCharts({ ...evaluation, labelSets: several }).get('label-sets.svg')!;
  for (const text of ['Label sets', 'mean over objects', 'exact match', '0.250']) expect(svg).toContain(`>${text}<`);
});

test('labels that nothing is of and nothing was taken for are not in the confusion chart', () => {
  const counts = [
    [1, 0, 0],
    [0, 0, 0],
    [2, 0, 0],
  ];
  const svg = confusionChart({ ...evaluation, confusion: { labels: ['cat', 'dog', 'background'], counts } });
  expect(svg).toContain('>cat<');
  expect(svg).not.toContain('>dog<');
});

test('names of labels can’t break the picture', async () => {
  const labels = ['\u0000\u001b[31m', '"]]>&<', 'background'];
  const counts = [
    [1, 1, 0],
    [0, 2, 0],
    [0, 0, 0],
  ];
  const svg = confusionChart({ ...evaluation, confusion: { labels, counts } });
  expect((await sharp(Buffer.from(svg)).metadata()).format).toBe('svg');
});
