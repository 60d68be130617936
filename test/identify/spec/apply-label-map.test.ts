import { expect, test } from 'vitest';
import { applyLabelMap } from '../../../src/identify/spec/apply-label-map.js';
import type { ModelSpec } from '../../../src/identify/spec/model-spec.js';
import { complaint } from '../../support/complaint.js';

const spec = { name: 'x', labels: [null, 'tv', 'cup', 'car'] } as unknown as ModelSpec;
const model = { file: 'a.onnx', warnings: ['one'], spec };

test('no map: the model itself', async () => {
  expect(await applyLabelMap(model, undefined)).toBe(model);
});

test('labels, parents, and nothing said of what the user drops', async () => {
  const mapped = await applyLabelMap(model, {
    labels: { cup: null, tv: 'screen' },
    parents: { thing: ['screen', 'car'] },
  });
  expect(mapped.spec.labels).toEqual([null, 'screen', null, 'car']);
  expect(mapped.spec.parents).toEqual([{ label: 'thing', below: ['screen', 'car'], score: 'maximum' }]);
  expect(mapped.warnings).toEqual(['one']);
  expect(model.spec.labels).toEqual([null, 'tv', 'cup', 'car']);
});

test('a ready map says what it has no name for', async () => {
  const mapped = await applyLabelMap(model, 'coco-to-voc');
  expect(mapped.spec).toEqual({ name: 'x', labels: [null, 'tvmonitor', null, 'car'] });
  expect(mapped.warnings[1]).toBe('map coco-to-voc: it has no name for 1 of 3 labels, which are left out: cup.');
});

test('a map that does not fit', async () => {
  await expect(applyLabelMap(model, { labels: { cups: 'x' } })).rejects.toThrow(
    complaint('E_ARGUMENT', /^map: there is no label "cups"\. Did you mean "cup"\?$/),
  );
});
