const MAX_LENGTH = 64;
const SLOTS = 4096;

/** Strings that come again and again, such as labels: decoded once, then found by their bytes. */
export class LabelCache {
  readonly #bytes: (Uint8Array | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);
  readonly #texts: string[] = new Array<string>(SLOTS).fill('');

  /** The string between two quotes, of whose bytes all are known to be good; undefined: not seen before. */
  find(bytes: Uint8Array, start: number, end: number): string | undefined {
    if (end - start > MAX_LENGTH) return undefined;
    const slot = slotOf(bytes, start, end);
    const known = this.#bytes[slot];
    if (known === undefined || known.length !== end - start) return undefined;
    for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return undefined;
    return this.#texts[slot];
  }

  add(bytes: Uint8Array, start: number, end: number, text: string): void {
    if (end - start > MAX_LENGTH) return;
    const slot = slotOf(bytes, start, end);
    this.#bytes[slot] = bytes.slice(start, end);
    this.#texts[slot] = text;
  }
}

/** FNV-1a. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}
