import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.js';
import { readRun } from '../../src/runs/record/read-run.js';
import type { Detection, DetectionResult } from '../../src/types/detections.js';
import { chromiumPath } from '../support/chromium.js';
import { randomNumbers } from '../support/random.js';
import { HOSTILE, LABELS, type MadeRun } from './made-run.js';
import { closeBrowser, openPage, rowsShown, settled, type } from './open-page.js';

afterAll(closeBrowser);

async function recorded(
  { folder }: MadeRun,
  scoreThreshold?: number,
  labelThresholds = {},
): Promise<DetectionResult[]> {
  const run = await readRun(folder);
  const results: DetectionResult[] = [];
  const thresholds = scoreThreshold === undefined ? 'unfiltered' : { scoreThreshold, labelThresholds };
  for await (const result of run.results(thresholds)) results.push(result);
  return results;
}

/** Rows of the images whose visible regions are as they are wanted. */
async function rowsWhere(made: MadeRun, score: number, wanted: (regions: Detection[]) => boolean): Promise<number[]> {
  const results = await recorded(made, score);
  return [...results.keys()].filter((row) => wanted(results[row]!.detections));
}

describe.skipIf(chromiumPath === undefined)('the page', { timeout: 60_000 }, () => {
  test('shows every picture with its regions, and what failed', async () => {
    const { page, made, faults } = await openPage();
    const results = await recorded(made, 0.35);
    await page.waitForSelector('[data-regions]');
    expect(await rowsShown(page)).toEqual([...made.names.keys()]);
    const regions = results.reduce((sum, { detections }) => sum + detections.length, 0);
    const nonEmpty = results.filter(({ detections }) => detections.length > 0).length;
    expect(await page.textContent('.summary')).toBe(`${regions} regions in ${nonEmpty} of 12 pictures`);
    expect(await page.textContent('.card[data-row="11"] .no-picture')).toBe('no image');
    expect(faults).toEqual([]);
  });

  test('names of labels are text, wherever they stand', async () => {
    const { page, faults } = await openPage();
    await page.getByRole('button', { name: HOSTILE, exact: true }).first().click();
    await settled(page);
    await page.click('.card >> nth=0');
    await page.waitForSelector('.region');
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    await page.waitForSelector('.patch');
    expect(await page.evaluate(`[typeof window.pwned, document.querySelectorAll('img[src="x"]').length]`)).toEqual([
      'undefined',
      0,
    ]);
    expect(await page.textContent('.patch .tag')).toBe(HOSTILE);
    expect(faults).toEqual([]);
  });

  test('numbers are those of evaluate and of the thresholds that exports apply, at ten random settings', async () => {
    const { page, made } = await openPage();
    const all = await recorded(made);
    const random = randomNumbers(5);
    for (let i = 0; i < 10; i++) {
      const score = Math.round(100 * (0.05 + 0.85 * random())) / 100;
      const own = Math.round(100 * (0.05 + 0.9 * random())) / 100;
      const iou = [0.3, 0.5, 0.6, 0.75][Math.floor(4 * random())]!;
      await type(page, 'Score', score);
      await page.getByLabel('Found from IoU').fill(String(iou));
      await page.getByLabel('Found from IoU').blur();
      await page.getByRole('button', { name: /^Threshold of car/ }).click();
      await type(page, 'Score of car', own);
      await page.getByRole('button', { name: /^Threshold of car/ }).click();
      const labelThresholds = { car: own };
      const { micro, confusion } = evaluate(made.groundTruth, all, {
        scoreThreshold: score,
        labelThresholds,
        iouThreshold: iou,
      });
      const shown = await Promise.all(['#precision', '#recall', '#f1'].map((id) => page.textContent(id)));
      expect(shown).toEqual([micro.precision, micro.recall, micro.f1].map((share) => share?.toFixed(3) ?? '–'));
      const counts = await page.$$eval('.totals .small dd', (cells) => cells.map((cell) => Number(cell.textContent)));
      expect(counts).toEqual([micro.truePositives, micro.falsePositives, micro.falseNegatives]);
      const cell = page.getByRole('button', { name: /^person taken for car: / });
      const taken = confusion.counts[0]![1]!;
      expect(await cell.count()).toBe(taken > 0 ? 1 : 0);
      if (taken > 0) expect(await cell.textContent()).toBe(String(taken));
      const visible = await recorded(made, score, labelThresholds);
      for (const [classId, label] of LABELS.entries()) {
        if (label === null) continue;
        const labels = visible.flatMap(({ detections }) => detections.flatMap((region) => region.labels));
        const count = labels.filter((each) => each.classId === classId).length;
        const row = page.locator('.labels .label', { has: page.getByText(label, { exact: true }) });
        expect([label, await row.locator('.count').textContent()]).toEqual([label, String(count)]);
      }
    }
  });

  describe('filters', () => {
    test('by label, by labels on one box, by several labels on a box', async () => {
      const { page, made } = await openPage();
      await page.locator('.labels').getByRole('button', { name: 'car', exact: true }).click();
      await settled(page);
      const has = (region: Detection, ...labels: string[]) =>
        labels.every((label) => region.labels.some((own) => own.label === label));
      expect(await rowsShown(page)).toEqual(
        await rowsWhere(made, 0.35, (regions) => regions.some((r) => has(r, 'car'))),
      );
      await page.getByLabel('Labels of a region').selectOption('several');
      await settled(page);
      const several = (r: Detection) => has(r, 'car') && r.labels.length > 1;
      expect(await rowsShown(page)).toEqual(await rowsWhere(made, 0.35, (regions) => regions.some(several)));
      await type(page, 'Score', 0.05);
      await page.locator('.labels').getByRole('button', { name: 'person', exact: true }).click();
      await page.getByLabel('Labels of a region').selectOption('together');
      await settled(page);
      const together = await rowsWhere(made, 0.05, (regions) => regions.some((r) => has(r, 'car', 'person')));
      expect(together.length).toBeGreaterThan(0);
      expect(await rowsShown(page)).toEqual(together);
      await page.getByRole('button', { name: 'Clear' }).click();
      await settled(page);
      expect(await rowsShown(page)).toHaveLength(12);
    });

    test('by score and number of regions', async () => {
      const { page, made } = await openPage();
      await page.getByLabel('Score from').fill('0.6');
      await page.getByLabel('Score to').fill('0.8');
      await page.getByLabel('Score to').blur();
      await settled(page);
      const within = (r: Detection) => r.labels.some(({ score }) => score >= 0.6 && score <= 0.8);
      expect(await rowsShown(page)).toEqual(await rowsWhere(made, 0.35, (regions) => regions.some(within)));
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByLabel('Regions from').fill('3');
      await page.getByLabel('Regions to').fill('4');
      await page.getByLabel('Regions to').blur();
      await settled(page);
      const rows = await rowsWhere(made, 0.35, ({ length }) => length >= 3 && length <= 4);
      expect(rows.length).toBeGreaterThan(0);
      expect(await rowsShown(page)).toEqual(rows);
    });

    test('by state', async () => {
      const { page } = await openPage();
      await page.getByLabel('State').selectOption('failed');
      await settled(page);
      expect(await rowsShown(page)).toEqual([11]);
      await page.getByLabel('State').selectOption('open');
      await settled(page);
      expect(await rowsShown(page)).toHaveLength(11);
      await page.click('.card >> nth=0');
      await page.waitForSelector('.viewer .stage');
      await page.waitForSelector('.bar .main');
      await page.keyboard.press('a');
      await page.keyboard.press('Escape');
      await settled(page);
      expect(await rowsShown(page)).not.toContain(0);
      await page.getByLabel('State').selectOption('reviewed');
      await settled(page);
      expect(await rowsShown(page)).toEqual([0]);
    });

    test('by outcome, kind of error and confusion pair', async () => {
      const { page, made } = await openPage();
      const all = await recorded(made);
      const judge = (row: number) => {
        const { images, annotations, categories } = made.groundTruth;
        const own = annotations.filter(({ image_id }) => image_id === row + 1);
        return evaluate(
          { images: [images[row]!], annotations: own, categories },
          all[row] === undefined ? [] : [all[row]!],
        );
      };
      const judged = made.names.map((_, row) => judge(row));
      const where = (wanted: (evaluation: (typeof judged)[0]) => boolean) =>
        [...judged.keys()].filter((row) => wanted(judged[row]!));
      const outcomes = [
        ['tp', where(({ micro }) => micro.truePositives > 0)],
        ['fp', where(({ micro }) => micro.falsePositives > 0)],
        ['fn', where(({ micro }) => micro.falseNegatives > 0)],
        ['clean', where(({ micro }) => micro.falsePositives + micro.falseNegatives === 0)],
      ] as const;
      for (const [outcome, rows] of outcomes) {
        await page.getByLabel('Outcome').selectOption(outcome);
        await settled(page);
        expect([outcome, await rowsShown(page)]).toEqual([outcome, rows]);
      }
      await page.getByLabel('Outcome').selectOption('all');
      await page.getByRole('button', { name: /^nothing taken for person/ }).click();
      await settled(page);
      expect(await rowsShown(page)).toEqual(where(({ confusion }) => confusion.counts[3]![0]! > 0));
      await page.getByLabel('Kind of error').selectOption('missed');
      await settled(page);
      expect((await rowsShown(page)).length).toBeGreaterThan(0);
    });

    test('order', async () => {
      const { page, made } = await openPage();
      const results = await recorded(made, 0.35);
      const counts = made.names.map((_, row) => results[row]?.detections.length ?? 0);
      await page.getByLabel('Order', { exact: true }).selectOption('count');
      await settled(page);
      const byCount = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
      expect(await rowsShown(page)).toEqual(byCount);
      await page.getByLabel('Reversed order').click();
      await settled(page);
      expect(await rowsShown(page)).toEqual([...byCount].reverse());
    });
  });

  test('the operating point follows keys and the pointer', async () => {
    const { page } = await openPage();
    const curve = page.getByRole('slider', { name: /^Operating point/ });
    await curve.focus();
    await page.keyboard.press('ArrowRight');
    await settled(page);
    expect(await curve.getAttribute('aria-valuenow')).toBe('0.34');
    const { x, y, width, height } = (await page.locator('.curve .u-over').boundingBox())!;
    await page.mouse.click(x + width * 0.05, y + height * 0.05);
    await settled(page);
    expect(Number(await curve.getAttribute('aria-valuenow'))).toBeGreaterThan(0.6);
  });

  test('thresholds are saved as tune saves them', async () => {
    const { page, made } = await openPage();
    await type(page, 'Score', 0.5);
    await page.getByRole('button', { name: 'Save thresholds' }).click();
    await page.waitForSelector('.notice');
    const { readThresholds } = await import('../../src/learn/thresholds/thresholds-file.js');
    expect(await readThresholds(join(made.folder, 'thresholds.json'))).toMatchObject({ scoreThreshold: 0.5 });
    expect(await page.textContent('.command code')).toMatch(/^sigbox export .* --score 0.5 --format coco$/);
  });

  describe('corrections', () => {
    async function lines({ folder }: MadeRun): Promise<{ reviewed: boolean; regions: Detection[] | null }[]> {
      const text = await readFile(join(folder, 'review.jsonl'), 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
    }

    async function written(made: MadeRun, count: number) {
      await expect.poll(async () => (await lines(made)).length, { timeout: 10_000 }).toBe(count);
      return (await lines(made)).at(-1)!;
    }

    test('by keyboard: reject, delete, add a label, move, undo, accept', async () => {
      const { page, made, faults } = await openPage();
      const results = await recorded(made, 0.35);
      const row = results.findIndex(({ detections }) => detections.length >= 2 && detections[0]!.label === 'person');
      await page.click(`.card[data-row="${row}"]`);
      await page.waitForSelector('.region');
      const before = results[row]!.detections;
      await page.click('.region .choose >> nth=0');
      await page.keyboard.press('n');
      await page.keyboard.type('car');
      await page.keyboard.press('Enter');
      expect((await written(made, 1)).regions![0]!.labels.map(({ label }) => label)).toContain('car');
      await page.keyboard.press('Shift+ArrowRight');
      const moved = (await written(made, 2)).regions![0]!.box;
      expect(moved[0]).toBeCloseTo(before[0]!.box[0] + 1, 0);
      await page.keyboard.press('Delete');
      expect((await written(made, 3)).regions).toHaveLength(before.length - 1);
      await page.keyboard.press('z');
      expect((await written(made, 4)).regions).toHaveLength(before.length);
      await page.keyboard.press('a');
      expect(await written(made, 5)).toMatchObject({ reviewed: true, edited: true });
      expect(faults).toEqual([]);
    });

    test('a region is drawn and labelled', async () => {
      const { page, made } = await openPage();
      const [first] = await recorded(made, 0.35);
      await page.click('.card >> nth=0');
      await page.waitForSelector('.viewer .stage canvas');
      await page.waitForSelector('.bar .main');
      await page.keyboard.press('d');
      const { x, y, width, height } = (await page.locator('.stage').boundingBox())!;
      await page.mouse.move(x + width * 0.4, y + height * 0.4);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.6, y + height * 0.6, { steps: 4 });
      await page.mouse.up();
      await page.keyboard.type('person');
      await page.keyboard.press('Enter');
      const { regions } = await written(made, 1);
      expect(regions).toHaveLength(first!.detections.length + 1);
      const [x1, y1, x2, y2] = regions!.at(-1)!.box;
      expect(regions!.at(-1)).toMatchObject({ label: 'person', score: 1 });
      expect(x1 >= 0 && y1 >= 0 && x2 <= 320 && y2 <= 240 && x2 - x1 > 20 && y2 - y1 > 20).toBe(true);
    });

    test('are not offered with readOnly', async () => {
      const { page } = await openPage({ readOnly: true });
      expect(await page.getByRole('button', { name: 'Save thresholds' }).count()).toBe(0);
      await page.click('.card >> nth=0');
      await page.waitForSelector('.viewer .regions');
      expect(await page.getByRole('button', { name: 'Accept' }).count()).toBe(0);
    });
  });

  test('a knob that can’t act is off, and says why', async () => {
    const { page } = await openPage();
    for (const label of ['IoU', 'Method', 'Overlap', 'Rivals', 'Labels', 'Region IoU']) {
      expect(await page.locator('.group').getByLabel(label, { exact: true }).isDisabled()).toBe(true);
    }
    expect(await page.textContent('.group .note')).toContain('--candidates');
  });

  test('a run without ground truth has no numbers, and is shown all the same', async () => {
    const { page, faults } = await openPage({ judged: false });
    expect(await page.locator('.numbers-panel').count()).toBe(0);
    expect(await page.getByLabel('Outcome').count()).toBe(0);
    await page.getByLabel('Order', { exact: true }).selectOption('uncertainty');
    await settled(page);
    expect(await rowsShown(page)).toHaveLength(12);
    expect(faults).toEqual([]);
  });
});
