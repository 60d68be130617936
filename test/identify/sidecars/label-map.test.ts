import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readLabelMap } from '../../../src/identify/sidecars/label-map.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const map = {
  labels: { person: 'pedestrian', cup: null },
  parents: { vehicle: ['car'] },
  parentScore: 'noisy-or' as const,
};

async function fileOf(name: string, text: string): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

describe('readLabelMap', () => {
  test('JSON, YAML, a file URL and an object say the same', async () => {
    const json = await fileOf('map.json', JSON.stringify(map));
    const yaml = await fileOf(
      'map.yaml',
      'labels: {person: pedestrian, cup: null}\nparents:\n  vehicle: [car]\nparentScore: noisy-or\n',
    );
    for (const given of [json, yaml, pathToFileURL(json), map]) {
      expect((await readLabelMap(given, ['person', 'cup', 'car'])).map).toEqual(map);
    }
  });

  test('a ready map by its name', async () => {
    expect(await readLabelMap('coco-to-voc', ['tv', 'cup'])).toEqual({
      map: { labels: { tv: 'tvmonitor', cup: null } },
      where: 'map coco-to-voc',
    });
  });

  test.each<[string, string, RegExp]>([
    [
      'an unknown field',
      '{"label": {}}',
      /^map .*map\.json: expected one of the fields labels, others, .*, received "label"\. Did you mean "labels"\? A map has/,
    ],
    ['a number for a name', '{"labels": {"car": 3}}', /: expected labels\.car to be .*string.*, received 3\./],
    ['a list', '["car"]', /: expected an object, received Array of length 1\. A map has/],
    ['a text', '"car"', /: expected an object, received "car"\. A map has/],
    [
      'another rule',
      '{"parentScore": "mean"}',
      /: expected parentScore to be 'maximum' or 'noisy-or', received "mean"/,
    ],
    ['no text of that kind', '{"labels": ', /^map .*map\.json: is not valid: .*\.$/],
  ])('refuses %s', async (_, text, message) => {
    await expect(readLabelMap(await fileOf('map.json', text), ['car'])).rejects.toThrow(
      complaint('E_ARGUMENT', message),
    );
  });

  test('a file that is not there', async () => {
    await expect(readLabelMap('missing.json', ['car'])).rejects.toThrow(
      complaint('E_IO', /^map missing\.json: cannot be read: ENOENT.*\.$/),
    );
  });
});
