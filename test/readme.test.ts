import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, run } from './support/run.js';

const readme = await readFile(join(root, 'README.md'), 'utf8');

test('the ten lines of the README run and print what it shows', async () => {
  const [, code, output] = /```js\n(.*?)```\n\n```\n(.*?)```/s.exec(readme)!;
  await mkdir(join(root, 'coverage'), { recursive: true });
  const file = join(root, 'coverage', 'readme.mjs'); // inside the package, which may import itself by name
  await writeFile(file, code);
  const { status, stdout, stderr } = await run(process.execPath, [file], { cwd: root });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const shape = (text: string) =>
    text
      .replace(/\d+(\.\d+)?/g, '0')
      .split('\n')
      .sort(); // machines differ in the last digits
  expect(shape(stdout)).toEqual(shape(output));
});
