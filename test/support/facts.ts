import type { ModelFacts } from '../../src/identify/evidence/graph/facts.js';

/** Facts of a YOLO-like model that says nothing of itself: images [1, 3, 64, 64] → output0 [1, 84, 84]. */
export function modelFacts(changes: Partial<ModelFacts> = {}): ModelFacts {
  return {
    file: 'model.onnx',
    builtin: false,
    metadata: { irVersion: 8, producer: '', opset: 13, properties: {} },
    inputs: [{ name: 'images', type: 'float32', dims: [1, 3, 64, 64] }],
    outputs: [{ name: 'output0', type: 'float32', dims: [1, 84, 84] }],
    operators: new Set(),
    graph: { nodes: [], constants: new Map() },
    config: null,
    preprocessor: null,
    ...changes,
  };
}

/** Facts whose metadata has these entries. */
export function withMetadata(properties: Record<string, string>, changes: Partial<ModelFacts> = {}): ModelFacts {
  return modelFacts({ metadata: { irVersion: 8, producer: '', opset: 13, properties }, ...changes });
}
