import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check } from '../../src/check/check.js';
import { list, refine, strictObject, word } from '../../src/check/shapes.js';
import { anything, text, wholeFromZero } from '../../src/check/words.js';
import { complain, reason } from '../../src/errors.js';
import { type ModelSpec, readSpec } from '../../src/identify/spec/model-spec.js';
import type { ModelManifest } from '../../src/model/builtin.js';
import type { GraphCut } from './tfjs-to-onnx.js';

/** models/<name>.json: where a model comes from, how it is cut and what must come out. */
export interface BuildManifest extends ModelManifest {
  graph: GraphCut;
  spec: ModelSpec;
}

const filled = refine(text, 'a string with text in it', (value) => value !== '');
const dims = refine(list('four dims', wholeFromZero), 'four dims', ({ length }) => length === 4);
const outputs = list('outputs', strictObject({ tensor: filled, name: filled }), { min: 1 });

const manifestSchema = strictObject({
  name: filled,
  file: matching(/^[\w.-]+\.onnx$/, 'the name of an ONNX file'), // beside the manifest, never elsewhere
  description: filled,
  license: filled,
  origin: filled,
  source: strictObject({
    package: filled,
    integrity: matching(/^sha512-[\w+/]{86}==$/, 'a sha512'), // without one, npm would take any tarball
    path: filled,
  }),
  graph: strictObject({ input: strictObject({ tensor: filled, name: filled, shape: dims }), outputs }),
  sha256: text, // empty until --update fills it
  bytes: wholeFromZero,
  spec: anything,
});

function matching(pattern: RegExp, expected: string) {
  return word<string>(expected, (value) => typeof value === 'string' && pattern.test(value));
}

/** The paths of all manifests in a folder, in the order of their names. */
export async function findManifests(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause) => {
    throw complain('E_IO', { where: folder, expected: 'a folder of manifests', received: reason(cause), cause });
  });
  const manifests = names.filter((name) => name.endsWith('.json')).sort();
  if (manifests.length > 0) return manifests.map((name) => join(folder, name));
  throw complain('E_IO', { where: folder, expected: 'a manifest (*.json)', received: `${names.length} other files` });
}

/** @throws SigboxError E_MODEL  not JSON, or a field that is missing, unknown or of the wrong kind */
export async function readManifest(path: string): Promise<BuildManifest> {
  const manifest = check(manifestSchema, parse(await readFile(path, 'utf8'), path), { where: path, code: 'E_MODEL' });
  return { ...manifest, spec: readSpec(manifest.spec, `${path}: spec`) };
}

function parse(json: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw complain('E_MODEL', { where: path, expected: 'JSON', received: reason(cause), cause });
  }
}

/** Writes a new hash and size into a manifest, in place, so that nothing else of its text changes. */
export async function updateManifest(path: string, { sha256, bytes }: Pick<BuildManifest, 'sha256' | 'bytes'>) {
  const json = await readFile(path, 'utf8');
  const updated = json
    .replace(/("sha256": *)"[^"]*"/, (_, key) => `${key}"${sha256}"`)
    .replace(/("bytes": *)\d+/, (_, key) => `${key}${bytes}`);
  await writeFile(path, updated);
}
