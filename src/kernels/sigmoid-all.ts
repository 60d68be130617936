import { sigmoid } from './activation.js';
import { kernelMemory } from './memory.js';

/** Up to so many, going into the kernels' memory and back takes longer than the numbers themselves. */
const FEW = 32;

/** Replaces logits by their sigmoids, the same bits as `sigmoid` gives. */
export function sigmoidAll(values: Float32Array): Float32Array {
  if (values.length <= FEW) {
    for (let i = 0; i < values.length; i++) values[i] = sigmoid(values[i]!);
    return values;
  }
  const memory = kernelMemory();
  const start = memory.put(values);
  memory.kernels.sigmoids(start, values.length);
  values.set(memory.f32(start, values.length));
  return values;
}
