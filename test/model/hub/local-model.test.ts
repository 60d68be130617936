import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localModel } from '../../../src/model/hub/local-model.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test.each([
  ['yolox_s', 'yolox-s'],
  ['dfine-m.', 'dfine-m'],
])('a name that is nearly that of a model: %s', async (name, meant) => {
  const message = new RegExp(`^model ${name}: cannot be opened: there is no such file\\. Did you mean "${meant}"\\?$`);
  await expect(localModel(name)).rejects.toThrow(complaint('E_IO', message));
});

test('a path that is nearly that of a model', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'best.onnx'), '');
  await writeFile(join(folder, 'bestt.txt'), '');
  await expect(localModel(join(folder, 'bset.onnx'))).rejects.toThrow(
    complaint('E_IO', /bset\.onnx: cannot be opened: there is no such file\. Did you mean ".*[\\/]best\.onnx"\?$/),
  );
});

test('a path like no other', async () => {
  await expect(localModel('/nowhere/at/all.bin')).rejects.toThrow(
    complaint('E_IO', /there is no such file\. sigbox models lists those that have a name\.$/),
  );
});

test('a file that is there is taken as it is', async () => {
  const file = join(await temporaryFolder(), 'any.onnx');
  await writeFile(file, '');
  expect(await localModel(file)).toEqual({ model: file, origin: null });
});
