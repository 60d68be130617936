/**
 * Works on entries side by side and gives the outcomes as they finish, in no order. An entry is begun when fewer than
 * `atOnce` are being worked on and the reader asks for more.
 *
 * @param work  an error of it ends the iteration
 */
export async function* asTheyFinish<T, R>(
  entries: Iterable<T> | AsyncIterable<T>,
  work: (entry: T) => Promise<R>,
  atOnce: number,
): AsyncGenerator<R> {
  const working = new Map<number, Promise<{ key: number; outcome: R }>>();
  const next = async () => {
    const { key, outcome } = await Promise.race(working.values());
    working.delete(key);
    return outcome;
  };
  let begun = 0;
  for await (const entry of entries) {
    const key = begun++;
    const done = work(entry).then((outcome) => ({ key, outcome }));
    done.catch(() => {}); // where the reader has left, nobody waits for it
    working.set(key, done);
    if (working.size >= atOnce) yield await next();
  }
  while (working.size > 0) yield await next();
}
