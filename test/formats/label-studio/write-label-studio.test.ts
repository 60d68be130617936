import { expect, test } from 'vitest';
import { annotated, predicted } from '../street.js';
import { writtenFiles } from '../written-files.js';

test('tasks with predictions, and the configuration of their project', async () => {
  const [[, tasks], [, configuration]] = await writtenFiles('label-studio', predicted);
  const [street, empty] = JSON.parse(tasks);
  expect(street.data).toEqual({
    image: '/data/local-files/?d=sub/street%20%26%20%22%C3%A9%22.jpg',
    ...{ file_name: 'sub/street & "é".jpg', width: 200, height: 100 },
  });
  expect(street.predictions).toHaveLength(1);
  expect(street.predictions[0]).toMatchObject({ model_version: 'sigbox', score: 0.625 });
  expect(street.predictions[0].result[0]).toEqual({
    ...{ id: 'r1', type: 'rectanglelabels', from_name: 'label', to_name: 'image' },
    ...{ original_width: 200, original_height: 100, image_rotation: 0, score: 0.9, meta: { scores: [0.9, 0.4] } },
    value: { x: 5.2, y: 20, width: 25.1, height: 50, rotation: 0, rectanglelabels: ['car', 'a "b" <c>'] },
  });
  expect(street.predictions[0].result[1]).not.toHaveProperty('meta');
  expect(empty.predictions).toEqual([{ model_version: 'sigbox', score: 0, result: [] }]);
  expect(configuration).toBe(`<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="label" toName="image" choice="multiple">
    <Label value="car"/>
    <Label value="a &quot;b&quot; &lt;c&gt;"/>
  </RectangleLabels>
</View>
`);
});

test('truth: annotations, without scores', async () => {
  const [[, tasks]] = await writtenFiles('label-studio', annotated, { imageRoot: 's3://bucket/' });
  const [task] = JSON.parse(tasks);
  expect(Object.keys(task)).toEqual(['data', 'annotations']);
  expect(task.data.image).toBe('s3://bucket/a.jpg');
  expect(task.annotations[0].result[0]).not.toHaveProperty('score');
});
