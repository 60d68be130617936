import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { complain, reason, SigboxError } from '../errors.js';
import type { ModelSpec } from '../types.js';
import { builtinModel } from './builtin.js';
import { type ModelMetadata, readMetadata } from './metadata.js';
import { readSpec } from './spec.js';

/** A model file and what its metadata and the user say of it. */
export interface ModelFacts {
  file: string;
  builtin: boolean;
  metadata: ModelMetadata;
  /** null when neither says what the model's inputs and outputs mean. */
  spec: ModelSpec | null;
  specSource: 'given' | 'metadata' | null;
}

/** Key of an ONNX file's metadata under which its spec may stand, as JSON. */
export const SPEC_KEY = 'sigbox.spec';

/**
 * Finds out what a model is: from the given spec, else from the metadata in its file.
 *
 * @param model  path or file URL of an ONNX file; the built-in model when undefined
 * @throws SigboxError E_ARGUMENT  not a file URL. E_IO  no such file. E_MODEL  not an ONNX file, or one that does not
 *   say what it is.
 */
export async function identify(model?: string | URL, given?: unknown): Promise<ModelFacts & { spec: ModelSpec }> {
  const { spec, ...facts } = await gatherFacts(model, given);
  if (spec !== null) return { ...facts, spec };
  throw new SigboxError(
    'E_MODEL',
    `model ${facts.file}: expected metadata "${SPEC_KEY}" that says what its inputs and outputs mean, received none. ` +
      'Give a spec: the option spec, or --spec FILE.json; sigbox inspect --json shows one to start from.',
  );
}

/** The same, with a spec of null for a file that does not say what it is. */
export async function gatherFacts(model?: string | URL, given?: unknown): Promise<ModelFacts> {
  const builtin = model === undefined;
  const file = builtin ? builtinModel() : model instanceof URL ? pathOf(model) : model;
  if (builtin && !existsSync(file)) {
    throw new SigboxError(
      'E_MODEL',
      `built-in model: ${file} is missing. In a source checkout, npm run build makes it.`,
    );
  }
  const metadata = await readMetadata(file);
  const facts = { file, builtin, metadata };
  if (given !== undefined) return { ...facts, spec: readSpec(given, 'spec'), specSource: 'given' };
  const text = metadata.properties[SPEC_KEY];
  if (text === undefined) return { ...facts, spec: null, specSource: null };
  return { ...facts, spec: readSpec(parse(text, file), `metadata of ${file}`), specSource: 'metadata' };
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    const [expected, received] = ['a path or file URL', url.href];
    throw complain('E_ARGUMENT', { where: 'model', expected, received, mend: `${reason(cause)}.`, cause });
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SigboxError('E_MODEL', `metadata of ${file}: "${SPEC_KEY}" is not JSON: ${reason(cause)}.`, { cause });
  }
}
