/** Expiry is looked at so often, milliseconds. */
const TICK_MS = 250;

/** Time that something may take. */
export interface Deadline {
  /** Starts the time again, with another limit. @param limit  milliseconds; ∞: no limit */
  restart(limit: number): void;
  end(): void;
}

interface Running {
  limit: number;
  elapsed: number;
  expire: () => void;
}

/**
 * Counts the time that several things take, in steps: of a time in which this process itself was stopped, or busy, only one
 * step counts, for what it waits for may have been stopped as well.
 */
export class Deadlines {
  readonly #running = new Set<Running>();
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  /** @param expire  called once, when the limit is over */
  begin(limit: number, expire: () => void): Deadline {
    const one: Running = { limit, elapsed: 0, expire };
    this.#running.add(one);
    if (this.#timer === undefined) {
      this.#last = performance.now();
      this.#timer = setInterval(() => this.#tick(), TICK_MS).unref();
    }
    return {
      restart: (again) => {
        one.limit = again;
        one.elapsed = 0;
      },
      end: () => this.#end(one),
    };
  }

  #end(one: Running): void {
    this.#running.delete(one);
    if (this.#running.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = performance.now();
    const step = Math.min(now - this.#last, 2 * TICK_MS);
    this.#last = now;
    for (const one of [...this.#running]) {
      one.elapsed += step;
      if (one.elapsed < one.limit) continue;
      this.#end(one);
      one.expire();
    }
  }
}
