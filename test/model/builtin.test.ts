import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { builtinManifest, builtinModel } from '../../src/model/builtin.js';

test('the built-in model lies in models/ and is the one that its manifest means', async () => {
  const { file, sha256, bytes } = builtinManifest();
  expect(builtinModel()).toBe(fileURLToPath(new URL(`../../models/${file}`, import.meta.url)));
  const onnx = await readFile(builtinModel());
  expect(onnx.length).toBe(bytes);
  expect(createHash('sha256').update(onnx).digest('hex')).toBe(sha256);
});

test('its manifest names licence, origin and package', () => {
  const { license, origin, source } = builtinManifest();
  expect(license).toBe('Apache-2.0');
  expect(origin).toMatch(/SSDLite MobileNet v2/);
  expect(source).toMatchObject({
    package: expect.stringMatching(/@\d+\.\d+\.\d+$/),
    integrity: expect.stringMatching(/^sha512-/),
  });
});
