import { describe, expect, test } from 'vitest';
import { MAPPED_SETS, namesOfSet, things } from '../../src/labels/correspondences.js';
import { namesReadyMap, READY_MAPS, readyMap } from '../../src/labels/ready-maps.js';
import { complaint } from '../support/complaint.js';

describe('things', () => {
  test.each(MAPPED_SETS)(
    'every name of %s is one of its list, and is the very thing of one line (two for cars of VOC: vans are cars)',
    async (set) => {
      const names = await namesOfSet(set);
      const same = things().flatMap((thing) => thing[set].same ?? []);
      expect(
        things()
          .flatMap((thing) => [thing[set].same ?? [], ...thing[set].kinds].flat())
          .filter((name) => !names.includes(name)),
      ).toEqual([]);
      expect(same.filter((name, i) => same.indexOf(name) < i)).toEqual(set === 'voc' ? ['car'] : []);
    },
  );

  test('what is of COCO, VOC or BDD100K is accounted for', async () => {
    const named = things().flatMap(({ coco, voc, bdd100k }) =>
      [coco, voc, bdd100k].flatMap(({ same, kinds }) => [same, ...kinds]),
    );
    for (const set of ['coco', 'voc', 'bdd100k'] as const) {
      expect((await namesOfSet(set)).filter((name) => !named.includes(name))).toEqual([]);
    }
  });
});

describe('readyMap', () => {
  test('there is one from each set to each other', () => {
    expect(READY_MAPS).toHaveLength(20);
    expect(READY_MAPS.every(namesReadyMap)).toBe(true);
  });

  test.each<[string, string, string | null]>([
    ['coco-to-voc', 'tv', 'tvmonitor'],
    ['coco-to-voc', 'truck', null],
    ['voc-to-coco', 'diningtable', 'dining table'],
    ['coco-to-bdd100k', 'person', 'pedestrian'],
    ['coco-to-bdd100k', 'stop sign', 'traffic sign'],
    ['bdd100k-to-coco', 'rider', 'person'],
    ['bdd100k-to-coco', 'traffic sign', null],
    ['coco-to-open-images', 'mouse', 'Computer mouse'],
    ['open-images-to-coco', 'Mouse', null],
    ['open-images-to-coco', 'Computer monitor', 'tv'],
    ['coco-to-open-images', 'tv', null],
    ['open-images-to-coco', 'Taxi', 'car'],
    ['open-images-to-voc', 'Van', 'car'],
    ['open-images-to-coco', 'Van', null],
    ['open-images-to-objects365', 'Van', 'Van'],
    ['open-images-to-objects365', 'Duck', 'Duck'],
    ['open-images-to-coco', 'Duck', 'bird'],
    ['coco-to-objects365', 'orange', 'Orange/Tangerine'],
    ['objects365-to-coco', 'Orange/Tangerine', null],
    ['objects365-to-open-images', 'Trash bin Can', 'Waste container'],
  ])('%s: %s is %s', async (name, label, expected) => {
    const [from, to] = name.split('-to-') as [(typeof MAPPED_SETS)[number], string];
    expect(to).toBeTruthy();
    expect((await readyMap(name, await namesOfSet(from))).labels?.[label]).toBe(expected);
  });

  test('every new name is one of the target set, and there and back again is the thing itself or nothing', async () => {
    for (const name of READY_MAPS) {
      const [from, to] = name.split('-to-') as (typeof MAPPED_SETS)[number][];
      const there = await readyMap(name, await namesOfSet(from));
      const back = await readyMap(`${to}-to-${from}`, await namesOfSet(to));
      const targets = await namesOfSet(to);
      for (const thing of things()) {
        const [here, beyond] = [thing[from].same, thing[to].same];
        if (here === null || beyond === null) continue;
        expect([name, there.labels?.[here]]).toEqual([name, beyond]);
        expect([name, back.labels?.[beyond]]).toEqual([name, here]);
      }
      expect(Object.values(there.labels ?? {}).filter((label) => label !== null && !targets.includes(label))).toEqual(
        [],
      );
    }
  });

  test('names of the target set stay', async () => {
    expect(await readyMap('coco-to-voc', ['tvmonitor', 'tv', null, 'gizmo'])).toEqual({
      labels: { tvmonitor: 'tvmonitor', tv: 'tvmonitor', gizmo: null },
    });
  });

  test.each<[string, string[], RegExp]>([
    [
      'coco-to-vox',
      ['car'],
      /^map: expected a ready map SET-to-SET, .*objects365, received "coco-to-vox"\. Did you mean "coco-to-voc"\?$/,
    ],
    ['coco-to-coco', ['car'], /^map: expected a ready map SET-to-SET, with two different ones of coco, /],
    ['coco-to-voc', ['gizmo', 'gadget'], /^map coco-to-voc: expected labels of coco, received "gizmo, gadget"\.$/],
  ])('refuses %s for %j', async (name, labels, message) => {
    await expect(readyMap(name, labels)).rejects.toThrow(complaint('E_ARGUMENT', message));
  });
});
