import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectionsJson, parseLeading } from '../../src/text/detections-json.js';
import { toJson } from '../../src/text/json-number.js';
import type { Detection, LabelScore } from '../../src/types/detections.js';

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const score = fc.float({ min: 0, max: 1, noNaN: true });
const label = fc.constantFrom('car', 'a "b"', '{"box":[', ']}],"file":{', 'é\u2028\ud800\n', '', '\\');

const labelScore: fc.Arbitrary<LabelScore> = fc.record({ label, classId: fc.nat(90), score });
const detection: fc.Arbitrary<Detection> = fc
  .tuple(fc.tuple(float, float, float, float), fc.array(labelScore, { minLength: 1, maxLength: 3 }))
  .map(([box, labels]) => {
    labels.sort((a, b) => b.score - a.score);
    return { box, ...labels[0]!, labels };
  });
const detections = fc.array(detection, { maxLength: 5 }).map((regions) => regions.sort((a, b) => b.score - a.score));

describe('detectionsJson', () => {
  test('writes what toJson does', () => {
    fc.assert(
      fc.property(detections, (regions) => {
        expect(detectionsJson(regions)).toBe(toJson(regions));
      }),
    );
  });

  test('numbers that JSON does not have, and a first label that is another', () => {
    const odd = [
      {
        ...{ box: [Number.NaN, -0, 1e21, Infinity] as const, label: 'car', classId: 3, score: 0.5 },
        labels: [{ label: 'car', classId: 3, score: 0.25 }],
      },
    ] as unknown as Detection[];
    expect(detectionsJson(odd)).toBe(toJson(odd));
  });
});

describe('parseLeading', () => {
  test('the regions that reach the threshold, and everything else', () => {
    const damage = fc.option(label, { nil: undefined });
    fc.assert(
      fc.property(detections, label, damage, score, (regions, image, damage, lowest) => {
        const file = { bytes: 3, modified: '' };
        const rest = damage === undefined ? { file } : { damage, file };
        const head = toJson({ image, width: 3 }).slice(0, -1);
        const line = `${head},"detections":${detectionsJson(regions)},${toJson(rest).slice(1)}`;
        const whole = JSON.parse(line);
        const read = parseLeading(line, lowest);
        const reaching = (from: Detection[]) => from.filter((region) => Math.fround(region.score) >= lowest);
        expect(reaching(read.detections)).toEqual(reaching(whole.detections));
        expect({ ...read, detections: null }).toEqual({ ...whole, detections: null });
      }),
    );
  });

  const region = (n: number) => `{"box":[1,2,3,4],"label":"car","classId":3,"score":${n},"labels":[]}`;

  test('regions below it are not looked at, but for the last', () => {
    const line = `{"detections":[${region(0.9)},${region(0.2)},{"box":[nonsense}},${region(0.1)}]}`;
    expect(parseLeading(line, 0.5).detections.map(({ score }) => score)).toEqual([0.9]);
    expect(() => parseLeading(line, 0.05)).toThrow(SyntaxError);
  });

  test.each([
    ['spaces', `{ "detections": [${region(0.9).replaceAll(':', ': ')}, ${region(0.2)}] }`],
    ['spaces between regions', `{"detections":[${region(0.9)} ,\n ${region(0.2)}]}`],
    ['another order', `{"detections":[{"score":0.9,"box":[1,2,3,4]},${region(0.2)}]}`],
    ['no regions', '{"detections":[]}'],
  ])('JSON of another form is read whole: %s', (_, line) => {
    expect(parseLeading(line, 0.5)).toEqual(JSON.parse(line));
  });
});
