import { describe, expect, test } from 'vitest';
import type { DrawStyle } from '../../src/render/draw-style.js';
import { overlay } from '../../src/render/overlay.js';
import type { Box, Detection } from '../../src/types/detections.js';

const found = (box: Box, label = 'car', score = 0.9): Detection => ({
  ...{ box, label, classId: 0, score },
  labels: [{ label, classId: 0, score }],
});

/** Attributes of all elements of one name. */
async function elements(name: string, detections: Detection[], style?: DrawStyle, side = 640) {
  const svg = await overlay({ width: side, height: side, detections }, style);
  const matches = svg.matchAll(new RegExp(`<${name} ([^>]*)>([^<]*)`, 'g'));
  return [...matches].map(([, attributes, text]) => ({
    ...Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
    text,
  })) as Record<string, string>[];
}

const outlinesOf = async (detections: Detection[], style: DrawStyle = {}) =>
  (await elements('rect', detections, { ...style, tags: false })).filter((rect) => rect.stroke !== undefined);

describe('outlines', () => {
  test('around a small thing they lie outside, and are thinner', async () => {
    const [, line] = await outlinesOf([found([100, 100, 110, 112])]);
    const width = Number(line['stroke-width']);
    expect(Number(line.x) + width / 2).toBeLessThanOrEqual(100);
    expect(Number(line.x) + Number(line.width) - width / 2).toBeGreaterThanOrEqual(110);
    const [, large] = await outlinesOf([found([100, 100, 500, 500])]);
    expect(Number(large.x)).toBeGreaterThan(100);
    expect(Number(large['stroke-width'])).toBeGreaterThan(width);
  });

  test('at the edge of the picture they stay inside', async () => {
    for (const line of await outlinesOf([found([0, 0, 8, 8]), found([632, 632, 640, 640])])) {
      expect(Math.min(Number(line.x), Number(line.y))).toBeGreaterThanOrEqual(0);
      expect(Number(line.x) + Number(line.width)).toBeLessThanOrEqual(640);
    }
  });

  test('one width for all on request', async () => {
    const [, line] = await outlinesOf([found([100, 100, 500, 500])], { lineWidth: 7 });
    expect(Number(line['stroke-width'])).toBe(7);
  });
});

test('a crowd is filled faintly, whatever its size; labels without a score are written without one', async () => {
  const region = { box: [100, 100, 500, 500] as Box, labels: [{ label: 'person' }] };
  const rects = async (crowd: boolean) => {
    const svg = await overlay({ width: 640, height: 640, detections: [{ ...region, crowd }] });
    expect(svg).toContain('>person</text>');
    expect(svg).not.toMatch(/<text[^>]*>[\d.]+</);
    return [...svg.matchAll(/<rect [^>]*fill="(rgb[^"]*|none)" fill-opacity/g)].map(([, fill]) => fill);
  };
  expect(await rects(false)).toEqual(['none', 'none']);
  expect(await rects(true)).toEqual(['none', expect.stringMatching(/^rgb/)]);
});

describe('style', () => {
  const two = [found([10, 100, 300, 600]), found([320, 100, 620, 600])];

  test('boxes of one label have one colour, or each its own', async () => {
    const coloursOf = async (style: DrawStyle) =>
      new Set((await outlinesOf(two, style)).filter((_, i) => i % 2 === 1).map(({ stroke }) => stroke)).size;
    expect(await coloursOf({})).toBe(1);
    expect(await coloursOf({ colourBy: 'box' })).toBe(2);
  });

  test('without scores, without labels, in another size', async () => {
    const textsOf = async (style: DrawStyle) => (await elements('text', two, style)).map(({ text }) => text);
    expect(await textsOf({})).toEqual(['car', '0.90', 'car', '0.90']);
    expect(await textsOf({ tagScores: false })).toEqual(['car', 'car']);
    expect(await textsOf({ tags: false })).toEqual([]);
    expect(await overlay({ width: 640, height: 640, detections: two }, { fontSize: 31 })).toContain('font-size="31"');
  });

  test('what is not highlighted is thin and grey, without a tag', async () => {
    const all = [found([10, 100, 300, 600], 'person'), found([320, 100, 620, 600])];
    expect((await elements('text', all, { highlight: ['person'] })).map(({ text }) => text)).toEqual([
      'person',
      '0.90',
    ]);
    const grey = (await elements('rect', all, { highlight: ['person'] })).filter(
      ({ stroke }) => stroke === 'rgb(150,150,150)',
    );
    expect(grey.map((rect) => rect['stroke-width'])).toEqual(['1.00']);
  });
});

test('where not every box has a tag, a legend counts labels in their colours and small boxes are filled', async () => {
  const crowd = Array.from({ length: 400 }, (_, i) => {
    const [x, y] = [32 * (i % 20), 32 * Math.floor(i / 20)];
    return found([x + 2, y + 2, x + 22, y + 22], i % 4 === 0 ? 'truck' : 'car');
  });
  const texts = (await elements('text', crowd)).map(({ text }) => text);
  expect(texts.slice(-4)).toEqual(['car', '× 300', 'truck', '× 100']);
  expect((await elements('rect', crowd)).some((rect) => rect.fill !== 'none' && rect.stroke !== undefined)).toBe(true);
});
