/** Lets pieces of work run side by side, and any of them alone when that is asked for. */
export class Gate {
  #sharing = 0;
  #isAlone = false;
  /** In the order in which they came: one that waits to be alone holds up those behind it. */
  readonly #waiting: { alone: boolean; begin: () => void }[] = [];

  /** Runs beside others, but not beside one that is alone. Must not be called from inside another piece of work. */
  shared<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(false, work);
  }

  /** Runs while nothing else does. Must not be called from inside another piece of work. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(true, work);
  }

  async #run<T>(alone: boolean, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((begin) => {
      this.#waiting.push({ alone, begin });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      if (alone) this.#isAlone = false;
      else this.#sharing--;
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#isAlone || (next.alone && this.#sharing > 0)) return;
      this.#waiting.shift();
      if (next.alone) this.#isAlone = true;
      else this.#sharing++;
      next.begin();
    }
  }
}
