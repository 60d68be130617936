const LINE_FEED = 0x0a;

/**
 * Lines and columns of bytes that pass through a window. JSON has line feeds between tokens only, so that whoever passes
 * white space counts them: no byte is looked at twice.
 */
export class LineCounter {
  /** Line feeds so far, and the offset of the last one in the file. */
  #lines = 0;
  #last = -1;
  /** Offset of the window in the file, and of the last line feed before it. */
  #base = 0;
  #before = -1;

  /** Counts the line feed at a position in the window, unless it has been counted. */
  count(at: number): void {
    const offset = this.#base + at;
    if (offset <= this.#last) return;
    this.#lines++;
    this.#last = offset;
  }

  /** The first bytes of the window leave it. */
  advance(bytes: Uint8Array, count: number): void {
    const base = this.#base + count;
    if (this.#last < base) this.#before = this.#last;
    else {
      const feed = bytes.lastIndexOf(LINE_FEED, count - 1);
      if (count > 0 && feed >= 0) this.#before = this.#base + feed;
    }
    this.#base = base;
  }

  /** Line and column of a position in the window, both from 1; columns count bytes. */
  placeOf(bytes: Uint8Array, at: number): { line: number; column: number } {
    const offset = this.#base + at;
    if (offset > this.#last) return { line: this.#lines + 1, column: offset - this.#last };
    let line = this.#lines + 1;
    for (let i = at; i <= this.#last - this.#base; i++) if (bytes[i] === LINE_FEED) line--;
    const feed = at === 0 ? -1 : bytes.lastIndexOf(LINE_FEED, at - 1);
    return { line, column: feed < 0 ? offset - this.#before : at - feed };
  }
}
