import { expect, test } from 'vitest';
import { chooseFile, type FileVariant } from '../../../src/model/hub/choose-file.js';
import { complaint } from '../../support/complaint.js';

const repository = (...paths: string[]) => ({
  ...{ name: 'a/b', commit: '', license: null },
  files: paths.map((path) => ({ path, bytes: 1, sha256: null, etag: '' })),
});
const community = repository(
  ...['config.json', 'onnx/model.onnx', 'onnx/model.onnx_data', 'onnx/model_fp16.onnx', 'onnx/model_int8.onnx'],
  ...['onnx/model_q4.onnx', 'onnx/model_quantized.onnx', 'onnx/model_uint8.onnx', 'onnx/model_q4f16.onnx'],
);

test.each<[string, ReturnType<typeof repository>, string | null, FileVariant, string]>([
  ['the only one', repository('a.onnx', 'b.pt'), null, 'fp32', 'a.onnx'],
  ['the named one', community, 'onnx/model_q4.onnx', 'fp32', 'onnx/model_q4.onnx'],
  ['full precision of many', community, null, 'fp32', 'onnx/model.onnx'],
  ['half precision', community, null, 'fp16', 'onnx/model_fp16.onnx'],
  ['eight bits: the first that is listed', community, null, 'int8', 'onnx/model_int8.onnx'],
  ['four bits', community, null, 'q4', 'onnx/model_q4.onnx'],
  ['one model, two precisions', repository('yolo.onnx', 'yolo_fp16.onnx'), null, 'fp16', 'yolo_fp16.onnx'],
])('%s', (_, from, path, variant, expected) => {
  expect(chooseFile(from, path, variant).path).toBe(expected);
});

test.each<[string, ReturnType<typeof repository>, string | null, FileVariant, RegExp]>([
  [
    'two models',
    repository('s.onnx', 'm.onnx'),
    null,
    'fp32',
    /holds 2 ONNX files\. Name one: hf:a\/b\/s\.onnx, hf:a\/b\/m/,
  ],
  [
    'a variant that is not there',
    repository('a.onnx'),
    null,
    'q4',
    /no ONNX file of variant q4\. Name one: hf:a\/b\/a/,
  ],
  ['none at all', repository('model.pt'), null, 'fp32', /no ONNX file of variant fp32\. There is no ONNX file in it/],
  [
    'a name that is not there',
    community,
    'x.onnx',
    'fp32',
    /holds no file x\.onnx\. Name one: hf:a\/b\/onnx\/model\.onnx/,
  ],
])('refused: %s', (_, from, path, variant, message) => {
  expect(() => chooseFile(from, path, variant)).toThrow(complaint('E_ARGUMENT', message));
});
