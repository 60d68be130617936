import cliProgress from 'cli-progress';

export interface Progress {
  update(done: number, remark: string): void;
  stop(): void;
}

/** A progress bar on standard error; nothing at all where that is no terminal. */
export function startProgress(total: number): Progress {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const format = '{bar} {value}/{total} images, {remark}, {eta_formatted} to go';
  const bar = new cliProgress.SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true, stopOnComplete: false },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, 0, { remark: '0 failures' });
  return {
    update: (done, remark) => bar.update(done, { remark }),
    stop: () => bar.stop(),
  };
}
