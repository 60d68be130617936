/** Powers of ten that are exact as float64: one division or multiplication by them rounds once, and so correctly. */
const TEN = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
const EXACT = 2 ** 53;

/**
 * Reads numbers of JSON from bytes, to the same double as JSON.parse: up to 2^53 and 22 decimals directly, all others by the
 * runtime. Source: Clinger, How to Read Floating Point Numbers Accurately (1990), the fast path.
 */
export class NumberReader {
  /** Where the number that was read last ends. */
  end = 0;
  isWellFormed = true;

  /** @param start  a minus or a digit; some byte that is no part of a number must follow */
  read(bytes: Uint8Array, start: number): number {
    let at = start;
    let byte = bytes[at]!;
    const isNegative = byte === 0x2d;
    if (isNegative) byte = bytes[++at]!;
    const first = at;
    let mantissa = 0;
    while (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30);
      byte = bytes[++at]!;
    }
    this.isWellFormed = at > first;
    const hasLeadingZero = at > first + 1 && bytes[first] === 0x30; // the number is 0, and what follows is wrong
    if (!this.isWellFormed || hasLeadingZero) {
      this.end = hasLeadingZero ? first + 1 : first;
      return 0;
    }
    let decimals = 0;
    if (byte === 0x2e) {
      const point = at;
      byte = bytes[++at]!;
      while (byte >= 0x30 && byte <= 0x39) {
        mantissa = mantissa * 10 + (byte - 0x30);
        byte = bytes[++at]!;
      }
      decimals = at - point - 1;
      if (decimals === 0) this.isWellFormed = false;
    }
    this.end = at;
    if (byte === 0x65 || byte === 0x45) return this.isWellFormed ? this.#withExponent(bytes, start, at) : 0;
    if (mantissa >= EXACT || decimals > 22) return byRuntime(bytes, start, at);
    const size = decimals === 0 ? mantissa : mantissa / TEN[decimals]!;
    return isNegative ? -size : size;
  }

  #withExponent(bytes: Uint8Array, start: number, letter: number): number {
    let at = letter + 1;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
    const first = at;
    while (bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++;
    this.end = at;
    this.isWellFormed = at > first;
    return this.isWellFormed ? byRuntime(bytes, start, at) : 0;
  }
}

function byRuntime(bytes: Uint8Array, start: number, end: number): number {
  let digits = '';
  for (let at = start; at < end; at++) digits += String.fromCharCode(bytes[at]!);
  return Number(digits);
}
