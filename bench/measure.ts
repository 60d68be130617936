import { keepForResults } from './results.js';

/** One measurement of each case, by the case's name. */
export type Cases = Record<string, () => Promise<number> | number>;

export interface Summary {
  min: number;
  q1: number;
  median: number;
  q3: number;
  max: number;
}

/**
 * Measures all cases by turns, so that what else the machine does meets them alike. Every round begins with another
 * case: none is always the one after the heaviest.
 *
 * @param cases           each gives one sample
 * @param options.rounds  samples per case
 * @param options.warmUp  rounds before those, not counted. Default 1
 * @returns the samples of each case, in the order taken
 */
export async function interleave(cases: Cases, options: { rounds: number; warmUp?: number }) {
  const { rounds, warmUp = 1 } = options;
  const names = Object.keys(cases);
  const samples: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + warmUp) % names.length]!;
      const sample = await cases[name]!();
      if (round >= 0) samples[name]!.push(sample);
    }
  }
  return samples;
}

/** Milliseconds of wall time that an action takes. */
export async function elapsed(action: () => unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** Milliseconds of CPU time, user and system, that all threads of this process use during an action. */
export async function cpuTime(action: () => unknown): Promise<number> {
  const start = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Quantiles are interpolated between neighbouring samples. */
export function summarize(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const quantile = (fraction: number) => {
    const at = fraction * (sorted.length - 1);
    const low = sorted[Math.floor(at)]!;
    return low + (sorted[Math.ceil(at)]! - low) * (at % 1);
  };
  return { min: quantile(0), q1: quantile(0.25), median: quantile(0.5), q3: quantile(0.75), max: quantile(1) };
}

/** The columns that every table of timings has. */
export function timing(samples: readonly number[], digits = 1): Record<string, string> {
  const { min, q1, median, q3 } = summarize(samples);
  return {
    min: min.toFixed(digits),
    median: median.toFixed(digits),
    quartiles: `${q1.toFixed(digits)}–${q3.toFixed(digits)}`,
  };
}

/** Prints rows as a Markdown table. With `--write`, or WRITE=1 for a bench alone, it also goes into the bench's results. */
export function printTable(title: string, rows: readonly Record<string, string | number>[]): void {
  const table = markdownTable(rows);
  console.log(`\n${title}\n\n${table}`);
  keepForResults(`${title}\n\n${table}`);
}

function markdownTable(rows: readonly Record<string, string | number>[]): string {
  const names = Object.keys(rows[0]!);
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, column) => Math.max(3, ...cells.map((row) => row[column]!.length)));
  const numeric = names.map((_, column) => cells.slice(1).every((row) => /^[-\d.–/ ×%]+$/.test(row[column]!)));
  const line = (row: string[]) =>
    `| ${row.map((cell, i) => (numeric[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) => (numeric[i] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(cells[0]!), line(rule), ...cells.slice(1).map(line)].join('\n');
}
