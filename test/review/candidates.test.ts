import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.js';
import type { PostprocessOptions } from '../../src/postprocess/options/postprocess-options.js';
import { postprocessRun } from '../../src/runs/postprocess-run.js';
import { readRun } from '../../src/runs/record/read-run.js';
import type { DetectionResult } from '../../src/types/detections.js';
import { SUPPRESSIONS } from '../../src/types/options.js';
import { chromiumPath } from '../support/chromium.js';
import { randomNumbers } from '../support/random.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { addCandidates } from './made-candidates.js';
import { LABELS, type MadeRun, madeRun, openReview } from './made-run.js';
import { closeBrowser, launch, listen, settled, type } from './open-page.js';

afterAll(closeBrowser);

async function openCandidates(): Promise<{ page: Page; made: MadeRun; faults: string[] }> {
  const made = await madeRun(await temporaryFolder());
  await addCandidates(made);
  const groundTruth = { input: made.groundTruth, path: '/truth.json' };
  const server = await openReview('0.1.0', { runs: [made.folder], groundTruth });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const context = await (await launch()).newContext({ viewport: { width: 1280, height: 2000 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults = listen(page);
  await page.goto(server.url);
  await settled(page);
  return { page, made, faults };
}

/** What `sigbox export` makes of the run with these options: all that is recorded then, and what reaches the thresholds. */
async function exported(made: MadeRun, options: PostprocessOptions) {
  const out = join(await temporaryFolder(), 'again');
  await postprocessRun(made.folder, { out, formats: [], ...options });
  const run = await readRun(out);
  const read = async (thresholds: typeof run.header.thresholds | 'unfiltered') => {
    const results: DetectionResult[] = [];
    for await (const result of run.results(thresholds)) results.push(result);
    return results;
  };
  return { all: await read('unfiltered'), visible: await read(run.header.thresholds) };
}

async function select(page: Page, label: string, value: string): Promise<void> {
  await page.locator('.group').getByLabel(label, { exact: true }).selectOption(value);
  await settled(page);
}

async function expectSame(page: Page, made: MadeRun, options: PostprocessOptions): Promise<void> {
  const { all, visible } = await exported(made, options);
  const { scoreThreshold = 0.35, labelThresholds = {} } = options;
  const { micro } = evaluate(made.groundTruth, all, { scoreThreshold, labelThresholds });
  const shown = await page.$$eval('.totals .small dd', (cells) => cells.map((cell) => Number(cell.textContent)));
  expect([options, shown]).toEqual([options, [micro.truePositives, micro.falsePositives, micro.falseNegatives]]);
  for (const [classId, label] of LABELS.entries()) {
    if (label === null) continue;
    const labels = visible.flatMap(({ detections }) => detections.flatMap((region) => region.labels));
    const count = labels.filter((each) => each.classId === classId).length;
    const row = page.locator('.labels .label', { has: page.getByText(label, { exact: true }) });
    expect([options, label, await row.locator('.count').first().textContent()]).toEqual([
      options,
      label,
      String(count),
    ]);
  }
  const regions = visible.reduce((sum, { detections }) => sum + detections.length, 0);
  expect(await page.textContent('.summary')).toContain(`${regions} regions`);
}

describe.skipIf(chromiumPath === undefined)('with candidates', { timeout: 120_000 }, () => {
  test.each([
    ['IoU', (page: Page) => type(page, 'IoU', 0.2), { iouThreshold: 0.2 }],
    ['overlap', (page: Page) => select(page, 'Overlap', 'ios'), { measure: 'ios' }],
    ['rivals', (page: Page) => select(page, 'Rivals', 'all'), { scope: 'all' }],
    ['labels', (page: Page) => select(page, 'Labels', 'single'), { labels: 'single' }],
    ['region IoU', (page: Page) => type(page, 'Region IoU', 0.4), { regionIou: 0.4 }],
    ...SUPPRESSIONS.map(
      (suppression) =>
        [suppression, (page: Page) => select(page, 'Method', suppression), { suppression }] as [
          string,
          (page: Page) => Promise<void>,
          PostprocessOptions,
        ],
    ),
  ] as [string, (page: Page) => Promise<void>, PostprocessOptions][])('the knob: %s', async (_, turn, options) => {
    const { page, made, faults } = await openCandidates();
    await turn(page);
    await expectSame(page, made, options);
    expect(faults).toEqual([]);
  });

  test('groups, sigma and the IoU of one label', async () => {
    const { page, made } = await openCandidates();
    await select(page, 'Rivals', 'groups');
    await page.getByLabel('One group per line').fill('person, car');
    await page.getByLabel('One group per line').blur();
    await select(page, 'Method', 'soft-gaussian');
    await type(page, 'Sigma', 0.2);
    await page.getByRole('button', { name: /^Threshold of car/ }).click();
    await type(page, 'IoU of car', 0.3);
    const options: PostprocessOptions = { scope: [['person', 'car']], suppression: 'soft-gaussian', sigma: 0.2 };
    await expectSame(page, made, { ...options, labelIouThresholds: { car: 0.3 } });
    expect(await page.textContent('.command code')).toContain(
      '--iou car=0.3 --suppression soft-gaussian --group person,car --sigma 0.2',
    );
  });

  test('numbers are those of export and evaluate at ten random settings', async () => {
    const { page, made } = await openCandidates();
    const random = randomNumbers(11);
    const one = <T>(values: readonly T[]) => values[Math.floor(values.length * random())]!;
    const hundredths = (low: number, high: number) => Math.round(100 * (low + (high - low) * random())) / 100;
    for (let i = 0; i < 10; i++) {
      const options = {
        scoreThreshold: hundredths(0.05, 0.8),
        iouThreshold: hundredths(0.1, 0.8),
        suppression: one(SUPPRESSIONS),
        measure: one(['iou', 'giou', 'diou', 'ciou', 'ios'] as const),
        scope: one(['class', 'all'] as const),
        labels: one(['multi', 'single'] as const),
        regionIou: hundredths(0.4, 0.95),
        labelThresholds: random() < 0.5 ? { car: hundredths(0.1, 0.8) } : {},
      };
      await page.getByRole('button', { name: 'Reset' }).click({ force: true });
      await settled(page);
      await select(page, 'Method', options.suppression);
      await select(page, 'Overlap', options.measure);
      await select(page, 'Rivals', options.scope);
      await select(page, 'Labels', options.labels);
      await type(page, 'Score', options.scoreThreshold);
      await type(page, 'IoU', options.iouThreshold);
      await type(page, 'Region IoU', options.regionIou);
      if (options.labelThresholds.car !== undefined) {
        await page.getByRole('button', { name: /^Threshold of car/ }).click();
        await type(page, 'Score of car', options.labelThresholds.car);
        await page.getByRole('button', { name: /^Threshold of car/ }).click();
      }
      await expectSame(page, made, options);
    }
  });

  test('one picture tells what became of every candidate', async () => {
    const { page, faults } = await openCandidates();
    await page.click('.card >> nth=0');
    await page.waitForSelector('.region');
    await page.keyboard.press('c');
    expect(await page.textContent('.candidate h2')).toMatch(/^Candidates \d+ not visible$/);
    await page.click('.region .choose >> nth=0');
    expect(await page.locator('.details .scores .reaches').count()).toBeGreaterThan(0);
    await page.locator('.bar').getByRole('button', { name: 'Candidates' }).click();
    expect(await page.locator('.candidate').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
