import { describe, expect, test } from 'vitest';
import type { Explanation } from '../../../src/index.js';
import { built } from '../../support/built.js';
import { bin, run, sample } from '../../support/run.js';

const image = sample('street.jpg');
const sigbox = (...args: string[]) => run(process.execPath, [bin, 'explain', image, ...args]);

describe('sigbox explain', () => {
  test('a table of classes for each region, and near misses', async () => {
    const { stdout, stderr, status } = await sigbox('--top', '1');
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toMatch(/street\.jpg {2}1280 × 720, 6 regions\n\nperson {2}910 351 1071 643\n/);
    expect(stdout).toMatch(
      /^ {2}class +score +logit +softmax +threshold +why\n {2}person +0\.926 +2\.53 +0\.992 +0\.35 +label$/m,
    );
    expect(stdout).toMatch(/^ {2}suppressed: person 0\.85 at 904 336 1073 645, overlap 0\.90 over 0\.5$/m);
    expect(stdout).toMatch(/\nNearly found\n {2}bicycle 0\.301 at 20 374 203 505: 0\.049 under its threshold\n/);
  });

  test('one place', async () => {
    const { stdout } = await sigbox('--at', '100,450', '--json');
    const { regions, misses }: Explanation = JSON.parse(stdout);
    expect(regions).toEqual([]);
    expect(misses[0]!.scores).toHaveLength(80);
    expect(misses[0]!.scores[0]).toMatchObject({ label: 'bicycle', threshold: 0.35, outcome: 'under its threshold' });
  });

  test('a place that is none', async () => {
    const { stderr, status } = await sigbox('--at', '100');
    expect(stderr).toMatch(/^sigbox: --at: expected two numbers, x,y in pixels, received/);
    expect(status).toBe(64);
  });

  test('finds what detect finds, in a worker as in this process', async () => {
    await using pooled = await built.createDetector({ workers: 1 });
    await using here = await built.createDetector({ workers: 0 });
    const [{ detections }, one, two] = await Promise.all([
      here.detect(image),
      here.explain(image),
      pooled.explain(image),
    ]);
    expect(one).toEqual(two);
    expect(one.regions.map(({ box, labels }) => ({ box, labels }))).toEqual(
      detections.map(({ box, labels }) => ({ box, labels })),
    );
    for (const { labels, scores } of one.regions) {
      for (const { classId, score } of labels) {
        expect(scores.find((each) => each.classId === classId)).toMatchObject({ score, outcome: 'label' });
      }
    }
  });
});
