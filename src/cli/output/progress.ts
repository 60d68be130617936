import cliProgress from 'cli-progress';

export interface Progress {
  /** Counts one more image. */
  advance(remark: string): void;
  stop(): void;
}

/** How often a line is printed if standard error is no terminal. */
const LINE_MS = 5_000;

/**
 * Shows on standard error how far a run is: a bar on a terminal, elsewhere a line every few seconds.
 *
 * @param total  images
 * @param done   of them before this run
 */
export function startProgress(total: number, done: number): Progress {
  const pace = new Pace(total, done);
  return process.stderr.isTTY ? startBar(pace) : startLines(pace);
}

/** Images done, speed and remaining time. */
class Pace {
  readonly #begun = performance.now();
  readonly #before: number;
  readonly total: number;
  done: number;

  constructor(total: number, done: number) {
    this.total = total;
    this.done = done;
    this.#before = done;
  }

  /** Images per second; 0 before the first. */
  get rate(): number {
    return ((this.done - this.#before) * 1000) / (performance.now() - this.#begun);
  }

  get text(): string {
    return `${this.rate.toFixed(this.rate < 10 ? 1 : 0)}/s`;
  }

  get remaining(): string {
    return this.rate === 0 ? '' : `, ${duration((this.total - this.done) / this.rate)} to go`;
  }
}

function startBar(pace: Pace): Progress {
  const format = '{bar} {value}/{total} images, {rate}, {remark}{remaining}';
  const bar = new cliProgress.SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true, stopOnComplete: false },
    cliProgress.Presets.shades_classic,
  );
  const payload = (remark: string) => ({ rate: pace.text, remaining: pace.remaining, remark });
  bar.start(pace.total, pace.done, payload('0 failures'));
  return {
    advance(remark) {
      pace.done++;
      bar.update(pace.done, payload(remark));
    },
    stop: () => bar.stop(),
  };
}

function startLines(pace: Pace): Progress {
  let told = performance.now();
  return {
    advance(remark) {
      pace.done++;
      if (performance.now() - told < LINE_MS) return;
      told = performance.now();
      process.stderr.write(`${pace.done}/${pace.total} images, ${pace.text}, ${remark}${pace.remaining}\n`);
    },
    stop() {},
  };
}

/** `3 h 5 min`, `5 min`, `12 s`: rounded up, in two units at most. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
