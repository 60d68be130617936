import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complain, reason, SigboxError } from '../../../errors.js';
import { readRegular } from '../../../files/read-file.js';
import { builtinModel } from '../../../model/builtin.js';
import type { ModelGraph } from '../../../model/onnx/graph.js';
import {
  type DeclaredValue,
  type ModelDescription,
  type ModelMetadata,
  type ModelValues,
  readModel,
  type ValueDescription,
} from '../../../model/onnx/metadata.js';
import { describeModel } from '../../../model/session.js';

/** What can be known of a model without running it. */
export interface ModelFacts {
  file: string;
  builtin: boolean;
  metadata: ModelMetadata;
  /** In the file's order; a dim that is a text is dynamic. */
  inputs: ValueDescription[];
  outputs: ValueDescription[];
  /** The types of all operators: "Conv"; outside of ONNX's own domain with it: "com.microsoft::QAttention". */
  operators: ReadonlySet<string>;
  /** The nodes of the main graph, and its small constants. */
  graph: ModelGraph;
  /** Files that Hugging Face puts beside a model, or above a folder onnx/ that it lies in; null where there are none. */
  config: Config | null;
  preprocessor: Config | null;
}

type Config = Record<string, unknown>;

/**
 * Gathers the facts of a model.
 *
 * @param model        path or file URL of an ONNX file; the built-in model when undefined
 * @param description  what its file holds, where that was read already
 * @throws SigboxError E_ARGUMENT  not a file URL. E_IO  no such file. E_MODEL  not an ONNX file.
 */
export async function gatherFacts(model?: string | URL, description?: ModelDescription): Promise<ModelFacts> {
  const file = modelFile(model);
  const { metadata, operators, graph, inputs, outputs } = description ?? readModel(file);
  const values = await withShapes(file, { inputs, outputs });
  const besides = ['config.json', 'preprocessor_config.json'].map((name) => jsonBeside(file, name));
  const [config = null, preprocessor = null] = (await Promise.all(besides)).map((found) => found?.value as Config);
  return { file, builtin: model === undefined, metadata, ...values, operators, graph, config, preprocessor };
}

/** Only where the file leaves out a shape, onnxruntime is asked for it: loading a model takes long. */
async function withShapes(file: string, declared: Pick<ModelDescription, keyof ModelValues>): Promise<ModelValues> {
  const whole = [...declared.inputs, ...declared.outputs].every(hasShape);
  return whole ? (declared as ModelValues) : describeModel(file);
}

function hasShape(value: DeclaredValue): value is ValueDescription {
  return value.dims !== null;
}

/** @throws SigboxError E_ARGUMENT  not a file URL. E_MODEL  the built-in model was not built. */
export function modelFile(model?: string | URL): string {
  if (model !== undefined) return model instanceof URL ? pathOf(model) : model;
  const file = builtinModel();
  if (existsSync(file)) return file;
  const message = `built-in model: ${file} is missing. In a source checkout, npm run build makes it.`;
  throw new SigboxError('E_MODEL', message);
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    const [expected, received] = ['a path or file URL', url.href];
    throw complain('E_ARGUMENT', { where: 'model', expected, received, mend: `${reason(cause)}.`, cause });
  }
}

/**
 * A JSON file that belongs to a model: exporters write model.onnx beside it, or into a folder onnx/ beside it.
 *
 * @returns null where there is none
 * @throws SigboxError E_MODEL  it can't be read
 */
export async function jsonBeside(model: string, name: string): Promise<{ path: string; value: unknown } | null> {
  const folder = dirname(resolve(model));
  for (const place of basename(folder) === 'onnx' ? [folder, dirname(folder)] : [folder]) {
    const path = join(place, name);
    if (!existsSync(path)) continue;
    try {
      return { path, value: JSON.parse((await readRegular(path)).toString()) };
    } catch (cause) {
      throw new SigboxError('E_MODEL', `${path}: cannot be read: ${reason(cause)}.`, { cause });
    }
  }
  return null;
}
