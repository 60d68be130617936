/** The functions that src/kernels/assembly exports, and how many parameters each has; see there what they are. */
const FUNCTIONS = {
  bestOfColumns: 10,
  bestOfRows: 11,
  bestProducts: 12,
  collectBest: 8,
  finishHits: 10,
  layBoxes: 10,
  layPixels: 9,
  nthHighest: 5,
  orderByScore: 6,
  rowsFrom: 7,
  scanColumns: 10,
  scanProducts: 14,
  scanRaised: 9,
  scanRows: 11,
  scanRun: 7,
  sigmoids: 2,
  suppress: 7,
};

/** What the module exports; pointers are byte offsets into its memory. */
export interface Exports extends Record<keyof typeof FUNCTIONS, (...args: number[]) => number> {
  heapStart: { value: number };
  state: { value: number };
}

/**
 * Checks a module against what its callers expect of it: src/kernels/module.ts is built, and may be older than they are.
 *
 * @throws Error  a function that is missing, or has another number of parameters
 */
export function checkedExports(exports: Record<string, unknown>): Exports {
  for (const [name, expected] of Object.entries(FUNCTIONS)) {
    const found = exports[name];
    if (typeof found === 'function' && found.length === expected) continue;
    const received = typeof found === 'function' ? `${found.length}` : 'no such function';
    throw new Error(
      `kernels: expected ${name} with ${expected} parameters, received ${received}. src/kernels/module.ts was built from ` +
        'other sources: npm run kernels builds it again.',
    );
  }
  return exports as unknown as Exports;
}
