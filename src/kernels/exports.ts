/** What src/kernels/assembly exports; pointers are byte offsets into the memory. See there for the parameters. */
export interface Exports {
  heapStart: { value: number };
  hitsEnd: { value: number };
  setHitsEnd(end: number): void;
  reached: { value: number };
  setReached(count: number): void;
  scanColumns(...args: number[]): number;
  scanRaised(...args: number[]): number;
  bestOfColumns(...args: number[]): void;
  collectBest(...args: number[]): number;
  scanRows(...args: number[]): number;
  bestOfRows(...args: number[]): number;
  scanFactored(...args: number[]): number;
  bestFactored(...args: number[]): number;
  rowsFrom(...args: number[]): number;
  orderHits(...args: number[]): number;
  splitHits(...args: number[]): void;
  layPixels(...args: number[]): void;
  orderByScore(...args: number[]): void;
  sigmoids(...args: number[]): void;
  suppress(...args: number[]): number;
}
