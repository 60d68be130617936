import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DetectionResult } from '../../src/index.js';
import { RECORD_FILE } from '../../src/types/record-file.js';
import { bin, run, sample } from '../support/run.js';

const image = sample('street.jpg');
const sigbox = (...args: string[]) => run(process.execPath, [bin, ...args]);

/** In the sample the first person is surer than the second: adding a bicycle is cheaper than dropping one, not the other. */
const MAP = { rules: { implies: { person: ['bicycle'] }, excludes: [['car', 'bus']] } };

const labelSets = ({ detections }: Pick<DetectionResult, 'detections'>) =>
  detections.map(({ labels, violated }) => [
    labels.map(({ label, by }) => `${label}${by ? '*' : ''}`).join(' '),
    violated,
  ]);

describe('label rules', () => {
  let folder: string;
  let map: string;
  let out: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sigbox-rules-'));
    map = join(folder, 'map.json');
    out = join(folder, 'run');
    await writeFile(map, JSON.stringify(MAP));
    const { status, stderr } = await sigbox(
      'annotate',
      image,
      '--out',
      out,
      '--map',
      map,
      '--candidates',
      '--format',
      'jsonl',
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('detect repairs the label sets of regions, and says what it changed', async () => {
    const { stdout, stderr } = await sigbox('detect', image, '--map', map, '--json');
    expect(stderr).toBe('');
    const result: DetectionResult = JSON.parse(stdout);
    expect(labelSets(result)).toEqual([
      ['person bicycle*', ['person implies bicycle']],
      ['car', undefined],
      ['bus', undefined],
      ['traffic light', undefined],
      ['car', undefined],
    ]);
    expect(result.removed).toMatchObject([
      { dropped: [{ label: 'person', by: 'rule' }], violated: ['person implies bicycle'] },
    ]);
  });

  test('annotate counts in the summary what violated which rule, and keeps all it saw in the record', async () => {
    expect(await readFile(join(out, 'summary.txt'), 'utf8')).toContain(
      'Regions that violated a rule:\n  2  person implies bicycle\n',
    );
    const record = JSON.parse((await readFile(join(out, 'unfiltered.jsonl'), 'utf8')).split('\n')[0]!);
    expect(record.detections.filter(({ label }: { label: string }) => label === 'person').length).toBeGreaterThan(1);
    expect(JSON.parse(await readFile(join(out, 'run.json'), 'utf8')).spec.rules).toEqual({
      mode: 'repair',
      rules: [
        { rule: 'person implies bicycle', when: ['person'], anyOf: ['bicycle'] },
        { rule: 'car excludes bus', when: [], atMostOne: ['car', 'bus'] },
      ],
    });
  });

  test('--rules report only counts', async () => {
    const { stdout } = await sigbox('detect', image, '--map', map, '--rules', 'report', '--json');
    expect(labelSets(JSON.parse(stdout)).slice(0, 2)).toEqual([
      ['person', ['person implies bicycle']],
      ['car', undefined],
    ]);
  });

  test('a run that is post-processed again with rules is what annotating with them gives', async () => {
    const plain = join(folder, 'plain');
    const again = join(folder, 'again');
    expect((await sigbox('annotate', image, '--out', plain, '--candidates', '--format', 'jsonl')).status).toBe(0);
    const exported = await sigbox('export', plain, '--map', map, '--iou', '0.5', '--out', again, '--format', 'jsonl');
    expect(exported.stderr).toBe('');
    for (const file of ['unfiltered.jsonl', 'annotations.jsonl']) {
      expect(await readFile(join(again, file), 'utf8')).toBe(await readFile(join(out, file), 'utf8'));
    }
    const [summary, expected] = await Promise.all(
      [again, out].map(async (run) => {
        const lines = (await readFile(join(run, 'summary.txt'), 'utf8')).split('\n').slice(1); // the first names the folder
        return lines.filter((line) => !line.includes('per second')); // no model ran the second time
      }),
    );
    expect(summary!.join('\n')).toContain('person implies bicycle');
    expect(summary).toEqual(expected);
  });

  test('what is recorded does not depend on --rules: a run is resumed with another', async () => {
    const resumed = join(folder, 'resumed');
    const annotate = (...more: string[]) =>
      sigbox('annotate', image, '--out', resumed, '--map', map, '--format', 'jsonl', '--no-pictures', ...more);
    expect((await annotate()).status).toBe(0);
    const record = await readFile(join(resumed, RECORD_FILE), 'utf8');
    const { status, stderr } = await annotate('--rules', 'report');
    expect(stderr).toContain('1 already recorded');
    expect(status).toBe(0);
    expect(await readFile(join(resumed, RECORD_FILE), 'utf8')).toBe(record);
    const [line] = (await readFile(join(resumed, 'annotations.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(line!).detections.filter(({ label }: { label: string }) => label === 'person')).toHaveLength(2);
  });

  test('rules over labels that the model lacks are refused, with the nearest', async () => {
    const wrong = join(folder, 'wrong.json');
    await writeFile(wrong, JSON.stringify({ rules: { implies: { perso: ['bicycle'] } } }));
    const { status, stderr } = await sigbox('detect', image, '--map', wrong);
    expect(stderr).toBe(
      `sigbox: map ${wrong}: rules name "perso", which is no label. Did you mean "person"? No rule is left.\n`,
    );
    expect(status).toBe(64);
  });
});
