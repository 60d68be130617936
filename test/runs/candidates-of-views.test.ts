import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtinModel } from '../../src/model/builtin.js';
import { postprocessCandidates } from '../../src/postprocess/api/postprocess-candidates.js';
import { decodeBlock, encodeBlock } from '../../src/postprocess/candidates/codec.js';
import type { PostprocessOptions } from '../../src/postprocess/options/postprocess-options.js';
import { postprocessRun } from '../../src/runs/postprocess-run.js';
import { readRun } from '../../src/runs/record/read-run.js';
import type { AnnotateOptions } from '../../src/runs/run-options.js';
import type { RecordedCandidates } from '../../src/types/candidates.js';
import { complaint } from '../support/complaint.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { annotate, at, images, useFolders } from './folder-run.js';

useFolders();

const two = { 'a.jpg': 'table.jpg', 'b.jpg': 'street.jpg' };
const FILES = ['unfiltered.jsonl', 'coco.json', 'coco-results.json'];
const otherFolder = async () => join(await temporaryFolder(), 'other');

type Looks = Pick<AnnotateOptions, 'tiles' | 'augment' | 'models' | 'minModels'>;
const models = [{ model: builtinModel() }, { model: builtinModel(), weight: 2 }];

describe('a run in several looks, post-processed again, is the run that annotate would have made', () => {
  test.each<[string, Looks, PostprocessOptions]>([
    ['tiles', { tiles: 700 }, { scoreThreshold: 0.5, iouThreshold: 0.3 }],
    ['tiles that some images fit into', { tiles: 1000 }, { suppression: 'soft-gaussian' }],
    ['flips and scales', { augment: ['flip', 0.67] }, { suppression: 'wbf', labels: 'single' }],
    ['tiles and flips', { tiles: 700, augment: ['0.8:flip'] }, { include: ['person', 'car'], minSide: 20 }],
    ['several models', { models }, { suppression: 'wbf', fusedScore: 'box_and_model_avg' }],
    ['several models that vote, in tiles', { models, tiles: 700, minModels: 2 }, { suppression: 'nmw' }],
    ['evaluation', { tiles: 700 }, { preset: 'evaluation', scoreThreshold: 0.1 }],
  ])('%s', async (_, looks, options) => {
    await images(two);
    await annotate({ candidates: true, ...looks });
    const [again, direct] = [await otherFolder(), await otherFolder()];
    await postprocessRun(at.out, { out: again, ...options });
    await annotate({ out: direct, ...looks, ...options });
    const read = (folder: string, name: string) => readFile(join(folder, name), 'utf8');
    for (const name of FILES) expect(await read(again, name), name).toBe(await read(direct, name));
    expect(await read(again, 'unfiltered.jsonl')).not.toBe(await read(at.out, 'unfiltered.jsonl'));
    const [one, other] = [(await readRun(again)).header, (await readRun(direct)).header];
    expect([one.spec, one.options, one.thresholds, one.models]).toEqual([
      other.spec,
      other.options,
      other.thresholds,
      other.models,
    ]);
  });
});

test('candidates of views are for runs only', async () => {
  await images({ 'b.jpg': 'street.jpg' });
  await annotate({ candidates: true, tiles: 700 });
  const candidates = await (await readRun(at.out)).candidates('b.jpg');
  expect(candidates!.views!.length).toBeGreaterThan(2);
  expect(() => postprocessCandidates(candidates!)).toThrow(complaint('E_ARGUMENT', /expected candidates of one look/));
});

test('a map is refused where several models were recorded', async () => {
  await images({ 'b.jpg': 'street.jpg' });
  await annotate({ candidates: true, models });
  const again = postprocessRun(at.out, { out: await otherFolder(), map: { labels: { car: 'auto' } } });
  await expect(again).rejects.toThrow(complaint('E_ARGUMENT', /expected no map for several models/));
});

test('a block of views is read as it was written', () => {
  const geometry = {
    imageWidth: 9,
    imageHeight: 8,
    fittedWidth: 9,
    fittedHeight: 8,
    offsetX: 0,
    offsetY: 0,
    inputWidth: 9,
    inputHeight: 8,
  };
  const own = (scores: number[]): RecordedCandidates => ({
    ...{ geometry, space: 'input', floor: 0.05, cut: null },
    rows: Uint32Array.from(scores, (_, i) => i),
    classIds: Uint16Array.from(scores, () => 3),
    scores: Float32Array.from(scores),
    boxes: Float32Array.from(scores.flatMap((_, i) => [i, 0, i + 1, 2])),
    best: Uint8Array.from(scores, () => 1),
  });
  const view = { kind: 'tile', left: 1, top: 2, width: 3, height: 4, inner: 5 } as const;
  const whole = { ...view, kind: 'whole', augmentation: { scale: 0.67, flip: 'vertical' }, without: 'finest' } as const;
  const views = [
    { model: 0, view, candidates: own([0.5]) },
    { model: 1, view: whole, candidates: { ...own([0.25, 0.75, 0.5]), cut: { count: 4, highest: 0.25 } } },
    { model: 1, view: { ...view, without: 'coarsest' as const }, candidates: own([]) },
  ];
  const block = encodeBlock('a.jpg', { ...own([]), views });
  expect(decodeBlock(block)).toEqual({ image: 'a.jpg', candidates: { ...own([]), views }, end: block.length });
});
