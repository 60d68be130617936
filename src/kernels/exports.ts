/** What src/kernels/assembly exports; pointers are byte offsets into the memory. See there for the parameters. */
export interface Exports {
  heapStart: { value: number };
  state: { value: number };
  scanColumns(...args: number[]): number;
  scanRun(...args: number[]): number;
  scanRaised(...args: number[]): number;
  bestOfColumns(...args: number[]): number;
  highestOfColumns(...args: number[]): void;
  columnsOfBest(...args: number[]): void;
  countReaching(...args: number[]): number;
  factorBounds(...args: number[]): void;
  collectBest(...args: number[]): number;
  scanRows(...args: number[]): number;
  bestOfRows(...args: number[]): number;
  scanFactored(...args: number[]): number;
  bestFactored(...args: number[]): number;
  rowsFrom(...args: number[]): number;
  finishHits(...args: number[]): void;
  layBoxes(...args: number[]): void;
  layPixels(...args: number[]): void;
  orderByScore(...args: number[]): void;
  sigmoids(...args: number[]): void;
  suppress(...args: number[]): number;
}
