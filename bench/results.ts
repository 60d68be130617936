/**
 * Writes what a bench prints into bench/results/NAME.md: date, machine and command at the top, and the tables between two
 * comments. The title, the text ahead of the tables and the notes behind them are written by people and kept.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const BEGIN = '<!-- tables: written by the bench -->';
const END = '<!-- end of tables -->';
/** Variables that change what a bench does. */
const SETTINGS = ['ONLY', 'ROUNDS', 'IMAGES', 'YOLO'];

const parts: string[] = [];

/** Keeps a part of this process's report; all parts are written when it ends without an error. */
export function keepForResults(part: string): void {
  if (process.env.WRITE !== '1') return;
  if (parts.length === 0) process.once('exit', (code) => code === 0 && write(basename(process.argv[1]!, '.ts')));
  parts.push(part);
}

function write(name: string): void {
  const file = fileURLToPath(new URL(`results/${name}.md`, import.meta.url));
  const before = existsSync(file) ? readFileSync(file, 'utf8') : `# ${name}\n\n${BEGIN}\n${END}\n`;
  writeFileSync(file, withResults(before, { name, tables: parts.join('\n\n'), date: new Date() }));
}

export interface Results {
  name: string;
  /** Markdown. */
  tables: string;
  date: Date;
}

/** A results page with new tables and a new header. @throws Error  the page has no place for tables */
export function withResults(page: string, { name, tables, date }: Results): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`bench/results/${name}.md: expected the lines ${BEGIN} and ${END}.`);
  const settings = SETTINGS.flatMap((key) => (process.env[key] === undefined ? [] : `${key}=${process.env[key]} `));
  const args = process.argv.slice(2).map((arg) => basename(arg));
  const command = args.length > 0 ? `npx tsx bench/${name}.ts ${args.join(' ')}` : `npm run bench -- ${name}`;
  const header = [
    `- Measured: ${date.toISOString().slice(0, 10)}, commit ${commit()}`,
    `- Machine: ${machine()}`,
    `- Command: \`${settings.join('')}${command}\``,
  ];
  const [title, ...rest] = page.slice(0, begin).split('\n');
  const text = rest
    .join('\n')
    .replace(/^(\n*- (Measured|Machine|Command): .*(\n {2}.*)*)+/, '')
    .trim();
  const top = [title, header.join('\n'), ...(text === '' ? [] : [text])].join('\n\n');
  return `${top}\n\n${BEGIN}\n\n${tables}\n\n${page.slice(end)}`;
}

/** What this machine is, in one line. */
export function machine(): string {
  const cpus = os.cpus();
  return [
    `${cpus[0]?.model.trim()}, ${cpus.length} cores`,
    `${os.type()} ${os.release()} ${os.arch()}`,
    `Node ${process.versions.node}`,
    `onnxruntime-node ${versionOf('onnxruntime-node')}`,
    `sharp ${versionOf('sharp')}`,
    `load ${os.loadavg()[0]!.toFixed(1)}`,
  ].join('; ');
}

function versionOf(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const folder = entry.slice(0, entry.lastIndexOf(`node_modules/${name}/`) + `node_modules/${name}/`.length);
  return JSON.parse(readFileSync(`${folder}package.json`, 'utf8')).version;
}

export function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
    return (
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'src') === '' ? '' : ' and changes')
    );
  } catch {
    return 'unknown';
  }
}
