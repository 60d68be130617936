import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { complain, reason } from '../../src/errors.js';
import type { PackageSource } from '../../src/model/builtin.js';
import type { BuildManifest } from './manifest.js';
import { metadata } from './metadata.js';
import { writeOnnx } from './onnx-writer.js';
import type { TfNode } from './tfjs-graph.js';
import { tfjsToOnnx } from './tfjs-to-onnx.js';
import { readWeights, type WeightGroup } from './tfjs-weights.js';

/** A TensorFlow.js model.json. */
export interface TfjsModel {
  modelTopology: { node: TfNode[] };
  weightsManifest: WeightGroup[];
}

/** A model.json and the bytes of its weight groups, in the order of `weightsManifest`. */
export interface TfjsFiles {
  model: TfjsModel;
  weights: Buffer[];
}

/**
 * The ONNX file of a manifest; the same package always gives the same bytes.
 *
 * @param folder  of the unpacked package
 * @throws SigboxError E_MODEL  a file is missing, or something in it is not supported; the message names it.
 */
export async function convert(manifest: BuildManifest, folder: string): Promise<Uint8Array> {
  const { model, weights } = await readTfjs(manifest.source, folder);
  const constants = model.weightsManifest.flatMap((group, i) => [...readWeights(group, weights[i])]);
  const graph = tfjsToOnnx(model.modelTopology.node, new Map(constants), manifest.graph);
  return writeOnnx({ name: manifest.name, ...graph, metadata: metadata(manifest) });
}

/** Reads a TensorFlow.js model from an unpacked package. */
export async function readTfjs(source: PackageSource, folder: string): Promise<TfjsFiles> {
  const read = (path: string) =>
    readFile(join(folder, path)).catch((cause) => {
      const where = `package ${source.package}`;
      throw complain('E_MODEL', { where, expected: `a file ${path}`, received: reason(cause), cause });
    });
  const model = JSON.parse((await read(source.path)).toString()) as TfjsModel;
  const beside = (path: string) => read(join(dirname(source.path), path));
  const groups = model.weightsManifest.map(async ({ paths }) => Buffer.concat(await Promise.all(paths.map(beside))));
  return { model, weights: await Promise.all(groups) };
}
