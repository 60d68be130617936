import { describe, expect, test } from 'vitest';
import { contrast, labelColour, type Rgb, textColour } from '../../src/render/label-colour.js';

describe('labelColour', () => {
  test('is the same in every run: files of different days go together', () => {
    expect(['car', 'person', 'traffic light', '歩行者', ''].map(labelColour)).toEqual([
      [59, 116, 2],
      [251, 172, 22],
      [175, 206, 25],
      [230, 184, 22],
      [17, 161, 180],
    ]);
  });

  test('tells the labels of a street apart', () => {
    const street = ['person', 'car', 'truck', 'bus', 'bicycle', 'motorcycle', 'traffic light', 'stop sign', 'dog'];
    for (const [i, one] of street.entries()) {
      for (const other of street.slice(0, i)) {
        const distance = Math.hypot(...labelColour(one).map((value, k) => value - labelColour(other)[k]));
        expect(distance, `${one} and ${other}`).toBeGreaterThan(50); // of 441 from black to white
      }
    }
  });

  test('uses many colours', () => {
    const labels = Array.from({ length: 1000 }, (_, i) => `class_${i}`);
    expect(new Set(labels.map((label) => labelColour(label).join())).size).toBe(72);
  });
});

describe('textColour', () => {
  test('can be read on the colour of any label: WCAG AA', () => {
    for (let i = 0; i < 1000; i++) {
      const colour = labelColour(`class_${i}`);
      expect(contrast(colour, textColour(colour)), colour.join()).toBeGreaterThanOrEqual(4.5);
    }
  });

  const rows: [string, Rgb, Rgb, number][] = [
    ['black on white', [0, 0, 0], [255, 255, 255], 21],
    ['the same twice', [10, 200, 30], [10, 200, 30], 1],
    ['WCAG’s limit for text: #767676 on white', [0x76, 0x76, 0x76], [255, 255, 255], 4.54],
  ];
  test.each(rows)('contrast of %s', (_, a, b, ratio) => {
    expect(contrast(a, b)).toBeCloseTo(ratio, 2);
    expect(contrast(b, a)).toBeCloseTo(ratio, 2);
  });
});
