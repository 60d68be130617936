import cliProgress from 'cli-progress';
import { localModel } from '../../model/hub/local-model.js';
import type { PullOptions } from '../../model/hub/pull-model.js';
import { megabytes, printable } from '../../text/printable.js';

/** Where standard error is no terminal, a line this often. */
const LINE_MS = 5_000;

/**
 * Brings a model that is named onto this machine, with its progress on standard error.
 *
 * @returns the path of its file; what isn't such a name, as it is
 */
export async function fetchNamed<Model extends string | URL | undefined>(
  model: Model,
  options: Pick<PullOptions, 'variant' | 'refresh'> = {},
): Promise<string | Model> {
  using shown = showFetching();
  const { variant, refresh = false } = options;
  return (await localModel(model, { variant, refresh, ...shown })).model as string | Model;
}

/** What `pullModel` calls while it fetches. To be disposed of when it has ended. */
export function showFetching(): Pick<Required<PullOptions>, 'onProgress' | 'onNotice'> & Disposable {
  const show = process.stderr.isTTY ? barOf() : linesOf();
  return {
    onNotice: (notice) => process.stderr.write(`sigbox: ${printable(notice)}\n`),
    onProgress: show.update,
    [Symbol.dispose]: () => show.end(),
  };
}

interface Shown {
  update(file: string, received: number, bytes: number | null): void;
  end(): void;
}

function barOf(): Shown {
  const format = '{file} {bar} {done} of {all} MB';
  const bar = new cliProgress.SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true, stopOnComplete: false },
    cliProgress.Presets.shades_classic,
  );
  let begun = false;
  return {
    update(file, received, bytes) {
      const payload = {
        file: printable(file),
        done: megabytes(received),
        all: bytes === null ? '?' : megabytes(bytes),
      };
      if (!begun) bar.start(bytes ?? 0, received, payload);
      begun = true;
      bar.setTotal(bytes ?? received);
      bar.update(received, payload);
    },
    end: () => bar.stop(),
  };
}

function linesOf(): Shown {
  let last = performance.now();
  return {
    update(file, received, bytes) {
      const isWhole = received === bytes;
      if (!isWhole && performance.now() - last < LINE_MS) return;
      last = performance.now();
      const of = bytes === null ? '' : ` of ${megabytes(bytes)}`;
      process.stderr.write(`sigbox: ${printable(file)}: ${megabytes(received)}${of} MB\n`);
    },
    end() {},
  };
}
