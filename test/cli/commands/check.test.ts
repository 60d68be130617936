import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sigbox } from '../../support/run.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

async function check(bbox: number[], ...more: string[]) {
  const file = join(await temporaryFolder(), 'truth.json');
  const annotations = [[0, 0, 10, 10], [50, 50, 10, 10], bbox].map((each, i) => {
    return { id: i + 1, image_id: 1, category_id: 1, bbox: each };
  });
  const images = [{ id: 1, file_name: 'a.jpg', width: 100, height: 100 }];
  await writeFile(file, JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'cat' }] }));
  return sigbox(['check', file, ...more]);
}

test('nothing wrong is status 0', async () => {
  expect(await check([20, 20, 10, 10])).toEqual({
    status: 0,
    stdout: '1 image, 3 ground truths, 1 label\nnothing found\n',
    stderr: '',
  });
});

test('errors are status 4, with what to do', async () => {
  const { status, stdout } = await check([95, 0, 50, 10]);
  expect(status).toBe(4);
  expect(stdout).toMatch(
    /^error: boxes reach outside their image \(1\)\. Clip them, .*\n {4}a\.jpg {2}cat {2}\[95, 0, 145, 10\] /m,
  );
});

test('warnings alone are status 0; --json has all', async () => {
  const { status, stdout } = await check([0, 0, 10, 10], '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ images: 1, findings: [{ kind: 'duplicate-box', severity: 'warning' }] });
});
