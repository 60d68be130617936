import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { GraphModel } from '@tensorflow/tfjs-converter';
import { io, setBackend } from '@tensorflow/tfjs-core';
import type { TfjsFiles } from '../../../scripts/model/convert.js';

/** TensorFlow.js on its WASM backend: the reference that converted models are compared with. */
export async function loadTfjs({ model, weights }: TfjsFiles): Promise<GraphModel<io.IOHandlerSync>> {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(join(dirname(wasm), '/'));
  await setBackend('wasm');
  const bytes = Buffer.concat(weights);
  const loaded = new GraphModel(
    io.fromMemorySync({
      modelTopology: { versions: {}, ...model.modelTopology },
      weightSpecs: model.weightsManifest.flatMap((group) => group.weights) as io.WeightsManifestEntry[],
      weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    }),
  );
  loaded.load();
  return loaded;
}
