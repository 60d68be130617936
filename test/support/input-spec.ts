import type { InputSpec } from '../../src/types/model.js';

/** A model's input that takes pixels as they are, 4 × 2 of them unless said otherwise. */
export function inputSpec(changes: Partial<InputSpec> = {}): InputSpec {
  const size = { width: 4, height: 2, layout: 'nchw', channels: 'rgb' } as const;
  return {
    name: 'images',
    type: 'float32',
    batched: true,
    ...size,
    scale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    fit: 'stretch',
    rounding: 'nearest',
    interpolation: 'antialias',
    padValue: 0,
    multipleOf: 1,
    extras: [],
    ...changes,
  };
}
