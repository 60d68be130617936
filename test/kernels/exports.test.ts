import { describe, expect, test } from 'vitest';
import { checkedExports } from '../../src/kernels/exports.js';
import { kernelMemory } from '../../src/kernels/memory.js';

describe('checkedExports', () => {
  const exports = { ...kernelMemory().kernels };

  test('the module as it is built', () => {
    expect(checkedExports(exports)).toBe(exports);
  });

  test('a module that lacks a function', () => {
    const older = Object.fromEntries(Object.entries(exports).filter(([name]) => name !== 'scanRows'));
    expect(() => checkedExports(older)).toThrow(
      /^kernels: expected scanRows with 11 parameters, received no such function\. .*: npm run kernels builds it again\.$/,
    );
  });

  test('a module whose function takes something else', () => {
    expect(() => checkedExports({ ...exports, suppress: (_given: number) => 0 })).toThrow(
      /^kernels: expected suppress with 7 parameters, received 1\./,
    );
  });
});
