import { STATUS_OF_SIGNAL } from './output/status.js';

/** Whether the user asked to stop. */
export interface Interrupt extends Disposable {
  /** Aborts at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Exit status of that signal; undefined without one. */
  readonly status: number | undefined;
  /**
   * Until this is called a signal ends the process at once, as it does anywhere. Nothing in this process may block it
   * afterwards: it would not hear of a signal while a model that never ends has its only thread.
   */
  listen(): void;
}

/** Turns the first SIGINT or SIGTERM into an AbortSignal; a second one ends the process at once. */
export function onInterrupt(): Interrupt {
  const controller = new AbortController();
  let status: number | undefined;
  const listener = (name: NodeJS.Signals) => {
    if (status !== undefined) process.exit(status);
    status = STATUS_OF_SIGNAL[name as keyof typeof STATUS_OF_SIGNAL];
    process.stderr.write('\nsigbox: finishing the images in flight; interrupt again to stop at once\n');
    controller.abort();
  };
  const signals = Object.keys(STATUS_OF_SIGNAL) as NodeJS.Signals[];
  return {
    listen() {
      for (const name of signals) process.on(name, listener);
    },
    signal: controller.signal,
    get status() {
      return status;
    },
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, listener);
    },
  };
}
