import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, run, sample } from '../../support/run.js';

const sigbox = (...args: string[]) => run(process.execPath, [bin, ...args]);

describe('a run with candidates under other options', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sigbox-again-'));
    const made = await Promise.all([
      sigbox('annotate', sample('street.jpg'), '--out', at('run'), '--candidates', '--no-pictures', '--format', 'coco'),
      sigbox('annotate', sample('street.jpg'), '--out', at('plain'), '--no-pictures'),
    ]);
    expect(made.map(({ status }) => status)).toEqual([0, 0]);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['a tighter IoU', ['--iou', '0.2']],
    ['another method', ['--suppression', 'soft-gaussian', '--sigma', '0.3']],
    ['all labels together', ['--scope', 'all', '--only', 'person,car,bus']],
  ])('%s: the numbers of a run that was annotated so', async (name, options) => {
    const out = at(name.replaceAll(' ', '-'));
    expect((await sigbox('annotate', sample('street.jpg'), '--out', out, '--no-pictures', ...options)).status).toBe(0);
    const truth = at('run/coco.json');
    const [again, annotated, same] = await Promise.all([
      sigbox('evaluate', truth, at('run'), '--json', ...options),
      sigbox('evaluate', truth, out, '--json'),
      sigbox('evaluate', truth, at('run'), '--json'),
    ]);
    expect(again!.stderr).toBe('');
    expect(JSON.parse(again!.stdout)).toEqual(JSON.parse(annotated!.stdout));
    expect(again!.stdout).not.toBe(same!.stdout);
  });

  test('results that can’t be post-processed again are refused, with what would help', async () => {
    const [plain, file] = await Promise.all([
      sigbox('evaluate', at('run/coco.json'), at('plain'), '--iou', '0.4'),
      sigbox('evaluate', at('run/coco.json'), at('plain/coco-results.json'), '--iou', '0.4'),
    ]);
    expect(plain).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(/a run with candidates.*annotate --candidates/),
    });
    expect(file).toMatchObject({
      status: 64,
      stderr: expect.stringMatching(/a run with candidates.*annotate --candidates/),
    });
  });
});
