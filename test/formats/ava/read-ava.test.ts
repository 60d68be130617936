import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset } from '../../../src/formats/read-dataset.js';
import { folderOf } from '../../support/folder-of.js';

const ACTIONS = 'item {\n  name: "stand"\n  id: 12\n}\nitem {\n  name: "talk to (e.g., self)"\n  id: 79\n}\n';
const TRUTH = `-5KQ66BBWC4,0902,0.077,0.151,0.283,0.811,12,1
-5KQ66BBWC4,0902,0.077,0.151,0.283,0.811,79,1
-5KQ66BBWC4,0902,0.226,0.032,0.366,0.497,12,0
-5KQ66BBWC4,0903,0.1,0.1,0.5,0.9,80,1
-5KQ66BBWC4,0904,0.1,0.1,0.5,0.9,12,1
`;

test('ground truth: a person with several actions is one region; excluded frames and unlisted actions are left out', async () => {
  const folder = await folderOf({
    'ava_val_v2.2.csv': TRUTH,
    'ava_action_list_v2.2_for_activitynet_2019.pbtxt': ACTIONS,
    'ava_val_excluded_timestamps_v2.2.csv': '-5KQ66BBWC4,904\n',
  });
  const { remarks, ...dataset } = await readDataset(folder, { role: 'ground-truth' });
  expect(dataset).toEqual({
    labels: ['stand', 'talk to (e.g., self)'],
    images: [
      {
        ...{ image: '-5KQ66BBWC4/0902', width: 1, height: 1 },
        regions: [
          { box: [0.077, 0.151, 0.283, 0.811], labels: [{ label: 'stand' }, { label: 'talk to (e.g., self)' }] },
          { box: [0.226, 0.032, 0.366, 0.497], labels: [{ label: 'stand' }] },
        ],
      },
      { image: '-5KQ66BBWC4/0903', width: 1, height: 1, regions: [] },
    ],
  });
  expect(remarks).toMatchObject([{ kind: 'unlisted-action', count: 1 }]);
});

test('results: the last field is a score; seconds are one number however they are written', async () => {
  const folder = await folderOf({ 'results.csv': 'v,902,0.1,0.1,0.5,0.9,12,0.75\nv,0902,0.1,0.1,0.5,0.9,79,1\n' });
  const { images, labels } = await readDataset(join(folder, 'results.csv'), { role: 'results' });
  expect(labels).toEqual(['action 12', 'action 79']);
  expect(images).toEqual([
    {
      ...{ image: 'v/0902', width: 1, height: 1 },
      regions: [
        {
          box: [0.1, 0.1, 0.5, 0.9],
          labels: [
            { label: 'action 79', score: 1 },
            { label: 'action 12', score: 0.75 },
          ],
        },
      ],
    },
  ]);
});
