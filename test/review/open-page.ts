import { type Browser, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { ReviewOptions } from '../../src/review/review.js';
import { CHROMIUM_FLAGS, chromiumPath } from '../support/chromium.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type MadeRun, madeRun, openReview } from './made-run.js';

let browser: Promise<Browser> | undefined;

/** One browser for all tests of a file. */
export function launch(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: chromiumPath!, args: CHROMIUM_FLAGS });
  return browser;
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

export interface OpenPage {
  page: Page;
  made: MadeRun;
  url: string;
  /** What went wrong in the page, to be nothing in the end. */
  faults: string[];
}

interface Opening extends Partial<ReviewOptions> {
  /** Default true */
  judged?: boolean;
  count?: number;
}

/** A made-up run in the page, when everything has been counted. */
export async function openPage({ judged = true, count = 12, ...options }: Opening = {}): Promise<OpenPage> {
  const made = await madeRun(await temporaryFolder(), { images: count });
  const groundTruth = judged ? { input: made.groundTruth, path: '/truth.json' } : undefined;
  const server = await openReview('0.1.0', { runs: [made.folder], groundTruth, ...options });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const context = await (await launch()).newContext({ viewport: { width: 1280, height: 2000 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults = listen(page);
  await page.goto(server.url);
  await settled(page);
  return { page, made, url: server.url, faults };
}

export function listen(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error.stack)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return faults;
}

/** Waits until the numbers are those of the knobs. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('.summary[aria-busy="false"]');
}

/** Turns a slider or a number as a person who types does. */
export async function type(page: Page, label: string, value: number): Promise<void> {
  const input = page.getByLabel(`${label}, number`, { exact: true });
  await input.fill(String(value));
  await input.press('Enter');
  await input.blur();
  await settled(page);
}

/** Rows of the pictures that are shown, in their order. */
export async function rowsShown(page: Page): Promise<number[]> {
  return page.evaluate(`[...document.querySelectorAll('.card')].map((card) => Number(card.dataset.row))`);
}
