import { firstError } from '../errors.js';

/** The same events, or the error that began it: never a SuppressedError of what failed while files were closed after it. */
export async function* withFirstError<T>(events: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  try {
    yield* events;
  } catch (error) {
    throw firstError(error);
  }
}

/** The same for a promise. */
export async function orFirstError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw firstError(error);
  }
}
