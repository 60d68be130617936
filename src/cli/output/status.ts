import type { SigboxErrorCode } from '../../errors.js';

/** Of several images, one or more failed; each was named. */
export const SOME_FAILED = 3;

/** A check found errors. */
export const ERRORS_FOUND = 4;

/** Exit status by error. Source: sysexits.h, where a model or a worker that fails is an internal failure. */
export const STATUS_OF: Record<SigboxErrorCode, number> = {
  E_ARGUMENT: 64,
  E_IMAGE: 65,
  E_IO: 66,
  E_MODEL: 70,
  E_WORKER: 70,
  E_BUSY: 75,
};

/** 128 and the signal's number, as a shell reports it. */
export const STATUS_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;
