/**
 * E_ARGUMENT: an option or argument that can't be right. E_IMAGE: an image that can't be decoded. E_MODEL: a model that
 * can't be loaded, run or understood. E_IO: a file that can't be read or written. E_WORKER: a worker process that died.
 * E_BUSY: too many images are waiting; later there is room again.
 */
export type SigboxErrorCode = 'E_ARGUMENT' | 'E_IMAGE' | 'E_MODEL' | 'E_IO' | 'E_WORKER' | 'E_BUSY';

/** The only error sigbox throws for bad input. `message` is one line. */
export class SigboxError extends Error {
  override readonly name = 'SigboxError';
  readonly code: SigboxErrorCode;

  constructor(code: SigboxErrorCode, message: string, options?: { cause?: unknown }) {
    super(oneLine(message), options);
    this.code = code;
  }
}

/** The parts of a message: where it happened, what was expected, what came, and how to mend it. */
export interface Complaint {
  where: string;
  expected: string;
  received: unknown;
  mend?: string;
  cause?: unknown;
}

/** Builds `where: expected what, received value. How to mend.` */
export function complain(code: SigboxErrorCode, { where, expected, received, mend, cause }: Complaint): SigboxError {
  const hint = mend === undefined ? '' : ` ${mend}`;
  const options = cause === undefined ? undefined : { cause };
  return new SigboxError(code, `${where}: expected ${expected}, received ${show(received)}.${hint}`, options);
}

/** The error that began it, where closing what was open met others on its way out. */
export function firstError(error: unknown): unknown {
  return error instanceof Error && 'suppressed' in error ? firstError(error.suppressed) : error;
}

/** A foreign error's message, in one line. */
export function reason(error: unknown): string {
  return oneLine(error instanceof Error ? error.message : String(error));
}

/** Without line breaks, and without the users and passwords of URLs, which a log must not get. */
function oneLine(text: string): string {
  const line = text.trim().replace(/\s*[\r\n]+\s*/g, ' ');
  return line.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"]+@/gi, '$1***@');
}

/** A value for a message: short, never a whole array. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const { length } = value as ArrayLike<unknown>;
    return `${value.constructor.name} of length ${length ?? (value as ArrayBufferView).byteLength}`;
  }
  if (typeof value === 'object' && value !== null) return `an object (${value.constructor?.name ?? 'no prototype'})`;
  return String(value);
}
