import type { ModelSpec } from '../../src/identify/spec/model-spec.js';
import { inputSpec } from '../support/input-spec.js';

export const head = {
  family: 'yolo',
  output: 'out',
  layout: 'columns',
  objectness: false,
  activation: 'none',
  boxFormat: 'cxcywh',
  boxUnit: 'input-pixels',
  suppress: true,
} as const;
/** A whole spec of one class. */
export const spec: ModelSpec = { name: 'small', input: inputSpec(), head, labels: ['cat'] };
