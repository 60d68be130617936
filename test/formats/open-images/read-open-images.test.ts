import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluate } from '../../../src/evaluate/evaluate.js';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { folderOf } from '../../support/folder-of.js';

const NAMES = '/m/01,Vehicle\n/m/02,Car\n/m/03,Person\n';
const HIERARCHY = JSON.stringify({
  LabelName: '/m/0bl9f',
  Subcategory: [
    { LabelName: '/m/01', Subcategory: [{ LabelName: '/m/02' }], Part: [{ LabelName: '/m/09' }] },
    { LabelName: '/m/03' },
  ],
});
const BOXES = `ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside
a1,xclick,/m/02,1,0.1,0.5,0.2,0.6,0,0,0,0,0
a1,xclick,/m/03,1,0.5,0.9,0,1,0,0,1,0,0
b2,xclick,/m/02,1,0,1,0,1,0,0,0,0,0
`;
const IMAGE_LABELS =
  'ImageID,Source,LabelName,Confidence\na1,verification,/m/02,1\nb2,verification,/m/03,0\nc3,verification,/m/03,1\n';

test('a folder: boxes, image-level labels, names and hierarchy', async () => {
  const folder = await folderOf({
    'validation-annotations-bbox.csv': BOXES,
    'validation-annotations-human-imagelabels-boxable.csv': IMAGE_LABELS,
    'class-descriptions-boxable.csv': NAMES,
    'bbox_labels_600_hierarchy.json': HIERARCHY,
  });
  expect(await readDataset(folder)).toEqual({
    labels: ['Car', 'Person', 'Vehicle'],
    hierarchy: { Vehicle: ['Car'] },
    images: [
      {
        ...{ image: 'a1.jpg', width: 1, height: 1, verified: { present: ['Car'], absent: [] } },
        regions: [
          { box: [0.1, 0.2, 0.5, 0.6], labels: [{ label: 'Car' }] },
          { box: [0.5, 0, 0.9, 1], labels: [{ label: 'Person' }], crowd: true },
        ],
      },
      {
        ...{ image: 'b2.jpg', width: 1, height: 1, verified: { present: [], absent: ['Person'] } },
        regions: [{ box: [0, 0, 1, 1], labels: [{ label: 'Car' }] }],
      },
      { image: 'c3.jpg', width: 1, height: 1, regions: [], verified: { present: ['Person'], absent: [] } },
    ],
  });
});

test('predictions of the challenge, and the numbers of both', async () => {
  const folder = await folderOf({
    'truth/boxes.csv': BOXES,
    'truth/imagelabels.csv': IMAGE_LABELS,
    'truth/class-descriptions.csv': NAMES,
    'truth/hierarchy.json': HIERARCHY,
    'found/predictions.csv':
      'ImageID,PredictionString\na1,/m/02 0.9 0.1 0.2 0.5 0.6 /m/03 0.8 0.5 0.1 0.7 0.5\nb2,/m/03 0.9 0 0 1 1\nc3,\n',
    'found/class-descriptions.csv': NAMES,
  });
  const groundTruth = await readDataset(join(folder, 'truth'), { role: 'ground-truth' });
  const results = await readDataset(join(folder, 'found', 'predictions.csv'), { role: 'results' });
  expect(results.images[0]!.regions[1]).toEqual({
    box: [0.5, 0.1, 0.7, 0.5],
    labels: [{ label: 'Person', score: 0.8 }],
  });
  const { openImages } = evaluate(groundTruth, results);
  expect(openImages!.classes).toEqual([
    { label: 'Car', groundTruths: 2, AP: 0.5 },
    { label: 'Person', groundTruths: 1, AP: 0.5 }, // b2 has none, which is verified
    { label: 'Vehicle', groundTruths: 2, AP: 0.5 },
  ]);
});

test('odd lines are counted, and a hierarchy that is none is refused', async () => {
  const folder = await folderOf({
    'boxes.csv': `${BOXES}d4,xclick,/m/02,1,0.1,x,0.2,0.6,0,0,0,0,0\n`,
    'predictions.csv': 'ImageID,PredictionString\na1,/m/02 0.9 0.1 0.2\n',
  });
  const { remarks } = await readDataset(join(folder, 'boxes.csv'));
  expect(remarks).toMatchObject([{ kind: 'malformed', count: 1, example: expect.stringContaining('xmax') }]);
  const broken = await folderOf({ 'boxes.csv': BOXES, 'hierarchy.json': '{"LabelName":"/m/0","Subcategory":[{}]}' });
  await expect(readDataset(broken)).rejects.toThrow(/hierarchy\.json: expected .*LabelName/);
});
