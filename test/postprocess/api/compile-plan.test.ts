import { describe, expect, test } from 'vitest';
import {
  compilePlan,
  type PostprocessCall,
  type PostprocessSpec,
  postprocess,
} from '../../../src/postprocess/index.js';
import { complaint } from '../../support/complaint.js';

const head = {
  family: 'yolo',
  output: 'out',
  layout: 'rows',
  objectness: false,
  activation: 'none',
  boxFormat: 'cxcywh',
  boxUnit: 'input-pixels',
  suppress: true,
} as const;
const input = { width: 100, height: 100, fit: 'stretch' } as const;
const spec = (): PostprocessSpec => ({ head: { ...head }, labels: ['car', 'truck', 'person'], input: { ...input } });
/** Two rows of box (cxcywh) and scores for car, truck and person. */
const outputs = {
  out: { dims: [1, 2, 7], data: [10, 10, 10, 10, 0.6, 0.5, 0.1, 50, 50, 10, 10, 0.2, 0.3, 0.4] },
};
const image = { width: 200, height: 100 };

describe('a compiled plan', () => {
  test.each([
    {},
    { scoreThreshold: 0.2, labels: 'single' as const },
    { include: ['person'], preset: 'evaluation' as const },
  ])('gives what spec and options give: %o', (options) => {
    const plan = compilePlan(spec(), options);
    const expected = postprocess(outputs, spec(), { image, ...options });
    expect(postprocess(outputs, plan, { image })).toEqual(expected);
    expect(postprocess(outputs, plan, { image })).toEqual(expected);
  });

  test('later changes of spec and options change nothing', () => {
    const [given, options] = [{ ...spec(), labels: ['car', 'truck', 'person'] }, { include: ['car'] }];
    const plan = compilePlan(given, options);
    options.include.push('person');
    given.labels[0] = 'bus';
    expect(postprocess(outputs, plan, { image }).detections.map(({ label }) => label)).toEqual(['car']);
  });

  test('with options beside it', () => {
    const call = { image, scoreThreshold: 0.5 } as PostprocessCall;
    const message = /expected no options beside a plan, received "?scoreThreshold"?\. Pass it to compilePlan\.$/;
    expect(() => postprocess(outputs, compilePlan(spec()), call)).toThrow(complaint('E_ARGUMENT', message));
  });

  test.each<[string, unknown, unknown, RegExp]>([
    ['no spec', undefined, {}, /^compilePlan: expected spec to be an object, received undefined/],
    ['an unknown option', spec(), { score: 0.5 }, /compilePlan: expected one of the options/],
    ['a label that is not there', spec(), { include: ['bus'] }, /include: the model has no label "bus"/],
    ['labels that are none', { ...spec(), labels: [1] }, {}, /spec\.labels\.0 to be a string/],
  ])('of %s', (_, given, options, message) => {
    const call = () => compilePlan(given as PostprocessSpec, options as object);
    expect(call).toThrow(complaint('E_ARGUMENT', message));
  });
});
