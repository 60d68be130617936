import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { complain, reason } from '../../src/errors.js';
import { expectationOf, type ModelSpec, readSpec } from '../../src/identify/spec/model-spec.js';
import type { ModelManifest } from '../../src/model/builtin.js';
import type { GraphCut } from './tfjs-to-onnx.js';

/** models/<name>.json: where a model comes from, how it is cut and what must come out. */
export interface BuildManifest extends ModelManifest {
  graph: GraphCut;
  spec: ModelSpec;
}

const text = v.pipe(v.string(), v.nonEmpty());
const whole = v.pipe(v.number(), v.integer('a whole number'), v.minValue(0));

const manifestSchema = v.strictObject({
  name: text,
  file: v.pipe(v.string(), v.regex(/^[\w.-]+\.onnx$/)), // beside the manifest, never elsewhere
  description: text,
  license: text,
  origin: text,
  source: v.strictObject({
    package: text,
    integrity: v.pipe(v.string(), v.regex(/^sha512-[\w+/]{86}==$/)), // without one, npm would take any tarball
    path: text,
  }),
  graph: v.strictObject({
    input: v.strictObject({ tensor: text, name: text, shape: v.pipe(v.array(whole), v.length(4)) }),
    outputs: v.pipe(v.array(v.strictObject({ tensor: text, name: text })), v.minLength(1)),
  }),
  sha256: v.string(), // empty until --update fills it
  bytes: whole,
  spec: v.unknown(),
});

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
  const result = v.safeParse(manifestSchema, parse(await readFile(path, 'utf8'), path));
  if (result.success) return { ...result.output, spec: readSpec(result.output.spec, `${path}: spec`) };
  const [issue] = result.issues;
  throw complain('E_MODEL', { where: path, expected: expectationOf(issue), received: issue.input });
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
