import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import * as v from 'valibot';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Annotations, annotationsOf } from '../../src/formats/annotations.js';
import { writeFormats } from '../../src/formats/export-annotations.js';
import { FORMAT_NAMES, type FormatName } from '../../src/formats/format.js';
import { Remarks } from '../../src/formats/reading/remarks.js';
import { type Element, readXml } from '../../src/formats/xml/xml.js';
import type { Dataset } from '../../src/types/annotations.js';
import { sample, sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { CVAT, type ElementRule, faultsOf, JSON_SCHEMAS, LABEL_STUDIO_CONFIGURATION, VOC } from './schemas.js';
import { annotated, predicted } from './street.js';

const WITHOUT_SCORES = FORMAT_NAMES.filter((format) => format !== 'coco-results');
const hostile: Dataset = {
  labels: ['a', 'b & "c"', "<d>'", '車 🚗', ' e '],
  images: ['x.jpg', 'sub/y & "z".png', "é/-'<>.jpg", 'images/a..b.JPG', '100% #1?.jpg'].map((image, i) => ({
    ...{ image, width: 300 + i, height: 1 + i },
    regions: [0, 1, 2].map((k) => ({
      box: [k / 3, 0, 299.99, 1],
      labels: ['a', 'b & "c"', "<d>'", '車 🚗', ' e '].slice(k).map((label, j) => ({ label, score: 1e-7 ** j })),
    })),
  })),
};

const written: [string, Annotations, readonly FormatName[]][] = [
  ['results', predicted, FORMAT_NAMES],
  ['truth, with crowds and difficult ones', annotated, WITHOUT_SCORES],
  ['names and labels of all kinds', annotationsOf(hostile), FORMAT_NAMES],
  ['no images', annotationsOf({ labels: ['a'], images: [] }), FORMAT_NAMES],
];

describe.each(written)('%s', (_, annotations, formats) => {
  test('every file is what the description of its format asks for', async () => {
    const out = await temporaryFolder();
    const { refused, images } = await writeFormats(annotations, { out, formats, confidence: true });
    expect(refused).toEqual([]);
    await expectDescribed(out, formats, images);
  });
});

test('a run of the command', async () => {
  const out = await temporaryFolder();
  const options = ['--no-pictures', '--workers', '0', '--format', FORMAT_NAMES.join(','), '--confidence'];
  await sigbox(['annotate', sample('street.jpg'), sample('table.jpg'), '--out', out, ...options]);
  await expectDescribed(out, FORMAT_NAMES, 2);
});

describe('the rules', () => {
  let document: Element;
  beforeAll(async () => {
    const leaf = (name: string, text: string): Element => ({ name, text, attributes: {}, children: [] });
    const size = { ...leaf('size', ''), children: [leaf('width', '3'), leaf('height', '2'), leaf('depth', '3')] };
    const children = [leaf('folder', ''), leaf('filename', 'a.jpg'), size, leaf('segmented', '0')];
    document = { ...leaf('annotation', ''), children };
  });

  test('hold', () => expect(faultsOf(document, VOC)).toEqual([]));

  test.each<[string, (element: Element) => Element, string]>([
    ['a child is missing', (all) => ({ ...all, children: all.children.slice(0, 3) }), 'annotation: no segmented'],
    [
      'children in another order',
      (all) => ({ ...all, children: all.children.toReversed() }),
      'annotation: filename is out of place',
    ],
    ['another text', (all) => ({ ...all, text: 'x' }), 'annotation: "x"'],
    ['an attribute', (all) => ({ ...all, attributes: { a: 'b' } }), 'annotation@a: b'],
  ])('find that %s', (_, change, fault) => {
    expect(faultsOf(change(document), VOC)).toContain(fault);
  });
});

const XML_RULES: Partial<Record<FormatName, [root: string, rule: ElementRule]>> = {
  voc: ['annotation', VOC],
  cvat: ['annotations', CVAT],
  'label-studio': ['View', LABEL_STUDIO_CONFIGURATION],
};

async function expectDescribed(out: string, formats: readonly FormatName[], images: number): Promise<void> {
  for (const format of formats) {
    const [schema, [root, rule] = []] = [JSON_SCHEMAS[format], XML_RULES[format]];
    const [json, xml] = await filesOf(out, format);
    const perImage = format === 'labelme' || format === 'voc';
    expect([json.length, xml.length]).toEqual(
      [schema, rule].map((one) => (one === undefined ? 0 : perImage ? images : 1)),
    );
    for (const file of json) {
      const { issues = [] } = v.safeParse(schema!, JSON.parse(await readFile(file, 'utf8')));
      expect(issues.map((issue) => `${file}: ${v.getDotPath(issue)}: ${issue.message}`)).toEqual([]);
    }
    for (const file of xml) {
      const document = await readXml(file, { remarks: new Remarks() });
      expect(document.name).toBe(root);
      expect(faultsOf(document, rule!), file).toEqual([]);
    }
  }
  if (formats.includes('yolo')) await expectYolo(join(out, 'yolo'), images);
}

/** https://docs.ultralytics.com/datasets/detect: class, middle and size as parts of the image; here with the score. */
async function expectYolo(folder: string, count: number): Promise<void> {
  const data = parse(await readFile(join(folder, 'data.yaml'), 'utf8')) as { nc: number; names: object };
  expect(Object.keys(data).sort()).toEqual(['names', 'nc', 'train', 'val']);
  expect(Object.keys(data.names)).toEqual(Array.from({ length: data.nc }, (_, i) => `${i}`));
  const images = (await readFile(join(folder, 'images.txt'), 'utf8')).split('\n').slice(0, -1);
  const labels = (await readdir(folder, { recursive: true })).filter((file) => /labels.*\.txt$/.test(file));
  expect([images.length, labels.length]).toEqual([count, count]);
  for (const image of images) expect(image).toMatch(/^\.\/images\/./);
  for (const file of labels) {
    for (const line of (await readFile(join(folder, file), 'utf8')).split('\n').slice(0, -1)) {
      expect(line).toMatch(/^\d+( (0|1|0\.\d+|\d(\.\d+)?e-\d+)){4,5}$/);
      const [classId, x, y, width, height] = line.split(' ').map(Number) as [number, number, number, number, number];
      expect(classId).toBeLessThan(data.nc);
      for (const [middle, size] of [[x, width] as const, [y, height] as const]) {
        expect(middle - size / 2).toBeGreaterThanOrEqual(-1e-7);
        expect(middle + size / 2).toBeLessThanOrEqual(1 + 1e-7);
      }
    }
  }
}

/** Paths of the JSON and XML files that a format has written. */
async function filesOf(out: string, format: FormatName): Promise<[json: string[], xml: string[]]> {
  const names = await readdir(out, { recursive: true });
  const own = names.filter((name) => name.startsWith(`${format}.`) || name.startsWith(`${format}${sep}`));
  const of = (ending: string) => own.filter((name) => name.endsWith(ending)).map((name) => join(out, name));
  return [of('.json'), of('.xml')];
}
