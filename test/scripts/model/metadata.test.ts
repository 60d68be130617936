import { describe, expect, test } from 'vitest';
import { metadata, pythonDict } from '../../../scripts/model/metadata.js';
import { smallManifest } from './small-package.js';

test('what the ONNX file says about itself', () => {
  const manifest = smallManifest(Buffer.from('tarball'));
  const { source, spec } = manifest;
  expect(metadata(manifest)).toEqual({
    names: `{1: "cat's eye"}`,
    'sigbox.spec': JSON.stringify(spec),
    description: 'One convolution',
    license: 'CC0-1.0',
    source: `sigbox tests; npm file:small.tgz ${source.integrity}`,
  });
});

describe('pythonDict', () => {
  test.each([
    ['no labels', [null, null], '{}'],
    ['one', ['person'], "{0: 'person'}"],
    ['gaps keep the numbers', [null, 'person', null, 'car'], "{1: 'person', 3: 'car'}"],
    ['an apostrophe', ["cat's eye"], `{0: "cat's eye"}`],
    ['quotes', ['a "b"'], `{0: 'a "b"'}`],
    ['both', [`it's "b"`], `{0: 'it\\'s "b"'}`],
    ['a backslash', ['a\\b'], "{0: 'a\\\\b'}"],
    ['a backslash before an apostrophe', ["\\'"], `{0: "\\\\'"}`],
    ['control characters', ['a\nb\rc\td'], "{0: 'a\\nb\\rc\\td'}"],
    ['an empty text', [''], "{0: ''}"],
    ['other alphabets', ['写真 é'], "{0: '写真 é'}"],
  ])('%s', (_, labels, dict) => {
    expect(pythonDict(labels)).toBe(dict);
  });
});
