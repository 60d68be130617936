// AssemblyScript, compiled to WebAssembly by `npm run kernels`; not part of the TypeScript program. Pointers are byte
// offsets into the memory that src/kernels/memory.ts owns; the caller makes sure that they are valid.

/** First byte after the module's own memory. */
export const heapStart: usize = __heap_base;

export { bestOfColumns, collectBest } from './best-columns';
export { finishHits, state } from './hits';
export { layBoxes } from './lay-boxes';
export { layPixels } from './lay-pixels';
export { nthHighest } from './nth-highest';
export { orderByScore } from './order';
export { scanColumns, scanRun } from './scan-columns';
export { bestProducts, scanProducts } from './scan-products';
export { scanRaised } from './scan-raised';
export { bestOfRows, rowsFrom, scanRows } from './scan-rows';
export { sigmoids } from './sigmoid';
export { suppress } from './suppress';
