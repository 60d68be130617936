import { describe, expect, test } from 'vitest';
import type { ModelFacts } from '../../src/identify/evidence/graph/facts.js';
import { renamed, settleLabels, specLabels } from '../../src/identify/labels.js';
import type { Recognition } from '../../src/identify/recognition.js';
import { KNOWN_LISTS } from '../../src/labels/known-lists.js';
import { COCO_BY_ID } from '../../src/labels/lists/coco.js';
import { complaint } from '../support/complaint.js';
import { modelFacts, withMetadata } from '../support/facts.js';

const two = withMetadata({ names: "{0: 'cat', 1: 'dog'}" });
const config = (id2label: Record<string, string>) => modelFacts({ config: { id2label } });

describe('where the labels come from', () => {
  const rows: [string, ModelFacts, Partial<Recognition>, (string | null)[], string][] = [
    ['metadata', two, { classes: 2 }, ['cat', 'dog'], 'metadata "names"'],
    ['one class', withMetadata({ names: "['face']" }), { classes: 1 }, ['face'], 'metadata "names"'],
    ['config.json', config({ 0: 'cat', 1: 'dog' }), { classes: 2 }, ['cat', 'dog'], 'config.json "id2label"'],
    ['as many names as there are', two, { classes: null }, ['cat', 'dog'], 'metadata "names"'],
    ['metadata that does not fit', two, { classes: 1 }, ['class_0'], 'nothing names them'],
    ['metadata that is no names', withMetadata({ names: 'cat' }), { classes: 1 }, ['class_0'], 'nothing names them'],
    ['background last', two, { classes: 3, background: 'last' }, ['cat', 'dog', null], 'metadata "names"'],
    ['background first', two, { classes: 3, background: 'first' }, [null, 'cat', 'dog'], 'metadata "names"'],
    ['background first, any number', two, { classes: null, background: 'first' }, [null, 'cat', 'dog'], 'metadata'],
    [
      'background among the names',
      withMetadata({ names: "['__background__', 'cat']" }),
      { classes: 2, background: 'first' },
      [null, 'cat'],
      'metadata "names"',
    ],
    [
      'numbers from 1 on',
      config({ 1: 'cat', 2: 'dog' }),
      { classes: 3, background: 'first' },
      [null, 'cat', 'dog'],
      'config.json',
    ],
    [
      'a gap in the numbering',
      config({ 0: 'cat', 1: 'N/A', 2: 'dog' }),
      { classes: 3 },
      ['cat', null, 'dog'],
      'config',
    ],
    ['nothing, background last', modelFacts(), { classes: 3, background: 'last' }, ['class_0', 'class_1', null], 'no'],
    ['nothing, background first', modelFacts(), { classes: 2, background: 'first' }, [null, 'class_0'], 'nothing'],
  ];

  test.each(rows)('%s', async (_, facts, recognition, labels, because) => {
    const found = await settle(facts, recognition);
    expect(found.labels).toEqual(labels);
    expect(found.count).toBe(labels.filter((label) => label !== null).length);
    expect(found.because).toMatch(new RegExp(`^${because}`));
    expect(found.warnings).toHaveLength(labels.includes('class_0') ? 1 : 0);
  });

  test('names of the user win over metadata', async () => {
    const given = { from: 'labels file a.txt', names: new Map([...'ab'].entries()) };
    expect(await settle(two, { classes: 2 }, given)).toMatchObject({
      labels: ['a', 'b'],
      because: 'labels file a.txt',
    });
  });

  test('a model that tells nothing gets numbers for names', async () => {
    const { labels, warnings } = await settle(modelFacts(), { classes: null });
    expect([labels[0], labels[999], labels.length]).toEqual(['class_0', 'class_999', 1000]);
    expect(warnings).toEqual([expect.stringMatching(/does not name its classes.*--labels-file/)]);
  });
});

describe('data sets', () => {
  const ends: [string, number, string, string][] = [
    ['BDD100K', 10, 'pedestrian', 'traffic sign'],
    ['Pascal VOC', 20, 'aeroplane', 'tvmonitor'],
    ['COCO', 80, 'person', 'toothbrush'],
    ['Objects365', 365, 'Person', 'Table Tennis'],
    ['the Open Images Challenge', 500, 'Infant bed', 'Toilet'],
    ['Open Images', 601, 'Tortoise', 'Helmet'],
    ['LVIS', 1203, 'aerosol_can', 'zucchini'],
  ];

  test.each(ends)('%s', async (name, classes, first, last) => {
    const { labels, because, warnings, count } = await settle(modelFacts(), { classes });
    expect([labels[0], labels.at(-1), labels.length, count]).toEqual([first, last, classes, classes]);
    expect(because).toBe(`as many classes as ${name} has`);
    const doubt = ['COCO', 'LVIS'].includes(name)
      ? []
      : [expect.stringContaining(`called as in ${name}, which has as`)];
    expect(warnings).toEqual(doubt);
  });

  test('each list has the number of names that it is found by, and no two have the same', async () => {
    for (const { load, classes } of KNOWN_LISTS) expect(await load()).toHaveLength(classes);
    expect(new Set(KNOWN_LISTS.map(({ classes }) => classes)).size).toBe(KNOWN_LISTS.length);
  });

  test('names are trimmed, and stand once but for two of the challenge', async () => {
    for (const { name, load } of KNOWN_LISTS) {
      const names = await load();
      expect(names.filter((label) => label !== label.trim() || label === '')).toEqual([]);
      expect(names.length - new Set(names).size, name).toBe(name === 'the Open Images Challenge' ? 2 : 0);
    }
  });

  test('81 columns with background are COCO’s 80', async () => {
    const last = await settle(modelFacts(), { classes: 81, background: 'last' });
    expect([last.labels[0], last.labels[79], last.labels[80]]).toEqual(['person', 'toothbrush', null]);
    const first = await settle(modelFacts(), { classes: 81, background: 'first' });
    expect([first.labels[0], first.labels[1], first.labels[80]]).toEqual([null, 'person', 'toothbrush']);
  });

  test.each([
    [null, 91],
    [91, 91],
    [92, 92],
  ])('COCO’s own ids, %s columns', async (classes, columns) => {
    const { labels, warnings } = await settle(modelFacts(), { classes, cocoIds: true });
    expect([labels[0], labels[1], labels[12], labels[90], labels.length]).toEqual([
      ...[null, 'person', null, 'toothbrush', columns],
    ]);
    expect(warnings).toEqual([]);
  });

  test('80 names in order are put on COCO’s ids', async () => {
    const names = new Map(Array.from({ length: 80 }, (_, i) => [i, `n${i}`] as const));
    const { labels } = await settle(modelFacts(), { classes: 91, cocoIds: true }, { from: 'given', names });
    expect([labels[1], labels[13], labels[90]]).toEqual(['n0', 'n11', 'n79']); // 12 is a gap
    expect(labels.map((label) => label === null)).toEqual(COCO_BY_ID.map((label) => label === null));
  });
});

describe('names that do not fit', () => {
  const names = (count: number) => new Map(Array.from({ length: count }, (_, i) => [i, `n${i}`] as const));
  const refused: [string, number, Partial<Recognition>][] = [
    ['80 names for 20 classes', 80, { classes: 20 }],
    ['as many objects as columns, one of them background', 3, { classes: 3, background: 'first' }],
    ['the same with background last', 3, { classes: 3, background: 'last' }],
  ];

  test.each(refused)('%s: refused', async (_, count, recognition) => {
    const message = `^labels\\.txt: expected names for ${recognition.classes} classes, received ${count} up to number ${count - 1}\\.$`;
    const settling = settle(modelFacts(), recognition, { from: 'labels.txt', names: names(count) });
    await expect(settling).rejects.toThrow(complaint('E_ARGUMENT', new RegExp(message)));
  });

  test('20 names for 80 classes: a warning, and the others are none', async () => {
    const given = { from: 'labels.txt', names: names(20) };
    const { labels, count, warnings } = await settle(modelFacts(), { classes: 80 }, given);
    expect([labels.length, count, labels[20]]).toEqual([80, 20, null]);
    expect(warnings).toEqual(['labels.txt: it names 20 of 80 classes; the others are left out.']);
  });
});

describe('labels of a spec', () => {
  test('one for each column', () => {
    expect(specLabels([null, 'cat'], 2)).toMatchObject({ labels: [null, 'cat'], count: 1, warnings: [] });
    expect(specLabels(['cat'], null)).toMatchObject({ labels: ['cat'], because: 'given' });
  });

  test.each([1, 3])('%i for 2 columns: refused', (count) => {
    const message = new RegExp(`^labels of the spec: expected names for 2 classes, received ${count} up to`);
    expect(() => specLabels(Array(count).fill('x'), 2)).toThrow(complaint('E_ARGUMENT', message));
  });
});

function settle(facts: ModelFacts, recognition: Partial<Recognition>, given?: Parameters<typeof settleLabels>[2]) {
  return settleLabels(facts, recognition as Recognition, given);
}

describe('other names for the classes of a model that names them', () => {
  const labels = [null, 'cat', null, 'dog'];
  const given = (names: Record<number, string>) => ({
    from: 'a.txt',
    names: new Map(Object.entries(names).map(([id, name]) => [Number(id), name])),
  });

  test.each([
    ['one for each class, in their order', { 0: 'Katze', 1: 'Hund' }, [null, 'Katze', null, 'Hund']],
    ['by column', { 1: 'Katze', 3: 'Hund' }, [null, 'Katze', null, 'Hund']],
    ['one for each column', { 0: 'background', 1: 'a', 2: 'b', 3: 'c' }, [null, 'a', 'b', 'c']],
  ])('%s', (_, names, expected) => {
    expect(renamed(labels, given(names))).toEqual(expected);
  });

  test.each([
    ['too few', { 0: 'a' }, '1 up to number 0'],
    ['one too many', { 0: 'a', 1: 'b', 2: 'c' }, '3 up to number 2'],
    ['more than columns', { 0: 'a', 1: 'b', 2: 'c', 3: 'd', 4: 'e' }, '5 up to number 4'],
    ['as many, but not from 0 on', { 0: 'a', 2: 'b' }, '2 up to number 2'],
  ])('refused: %s', (_, names, received) => {
    const message = new RegExp(`^a\\.txt: expected names for 2 classes, received ${received}\\.$`);
    expect(() => renamed(labels, given(names))).toThrow(complaint('E_ARGUMENT', message));
  });
});

test('COCO’s 80 names on the 91 columns of its ids', async () => {
  const names = COCO_BY_ID.filter((name) => name !== null).map((name) => `"${name}"`);
  const facts = withMetadata({ names: `[${names.join(', ')}]` });
  const settled = await settleLabels(facts, { classes: 91 } as Recognition);
  expect(settled.labels).toEqual(COCO_BY_ID);
  expect(settled.because).toBe('metadata "names": COCO’s 80 names on 91 columns are numbered by its ids');
});
