import { expect, test } from 'vitest';
import { Census } from '../../src/review/page/engine/census.js';
import { Source } from '../../src/review/page/engine/source.js';
import { BLOCK_ROWS } from '../../src/review/protocol/blocks.js';
import { type KnobView, WHOLE_VIEW } from '../../src/review/protocol/view.js';
import { ReviewedRun } from '../../src/review/record/reviewed-run.js';
import { headerOf, recordOf, writeRun } from '../runs/runs.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const IMAGES = BLOCK_ROWS + 5;

/** A run of which only the first block has arrived. */
async function halfRead(): Promise<Census> {
  const folder = await temporaryFolder();
  const results = Array.from({ length: IMAGES }, (_, i) => recordOf(`${String(i).padStart(4, '0')}.jpg`));
  await writeRun(folder, { header: headerOf(), results, failures: [] });
  await using run = await ReviewedRun.open(folder, { images: undefined, anonymous: false, names: false });
  const source = new Source(run.info);
  const bytes = await run.regions(0);
  source.add(0, bytes.slice().buffer as ArrayBuffer, null);
  const census = new Census(source, null);
  census.begin({ scoreThreshold: 0.35, labelThresholds: {}, how: {}, matchIou: 0.5 });
  while (census.step());
  return census;
}

test('while a run is being read, all of its images are there, unless what they are decides', async () => {
  const census = await halfRead();
  const rows = (change: Partial<KnobView>) => [...census.order({ ...WHOLE_VIEW, ...change }, {}, false).rows];
  const [all, arrived] = [IMAGES, BLOCK_ROWS].map((count) => Array.from({ length: count }, (_, row) => row));
  expect(census.images).toBe(BLOCK_ROWS);
  expect(rows({})).toEqual(all);
  expect(rows({ descending: true })).toEqual(all!.toReversed());
  expect(rows({ counts: [0, 3] })).toEqual(arrived);
  expect(rows({ state: 'open' })).toEqual(arrived);
  expect(rows({ sort: 'uncertainty' })).toEqual(arrived);
});
