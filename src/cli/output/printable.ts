export { count, printable } from '../../text/printable.js';

/** `3.7` or `108`: without the unit. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
