/**
 * The events that a piece of work tells of, in their order, for a reader that asks for them one by one.
 *
 * @param work    gets what to call with each event, and a signal: it aborts with `signal`, and once the reader leaves
 * @throws what the work throws, after all its events
 */
export async function* toldEvents<Event>(
  work: (tell: (event: Event) => void, signal: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): AsyncGenerator<Event> {
  const left = new AbortController();
  const either = signal === undefined ? left.signal : AbortSignal.any([left.signal, signal]);
  const waiting: Event[] = [];
  let [wake, ended] = [() => {}, false];
  const tell = (event: Event) => {
    waiting.push(event);
    wake();
  };
  const end = () => {
    ended = true;
    wake();
  };
  const running = work(tell, either);
  running.then(end, end);
  try {
    while (!ended || waiting.length > 0) {
      const event = waiting.shift();
      if (event !== undefined) yield event;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    await running;
  } finally {
    left.abort();
    await running.catch(() => {}); // who has left does not hear of it
  }
}
