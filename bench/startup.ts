/** How long the command line takes from its start to its end. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { cliUrl } from './built.js';
import { street } from './images.js';
import { type Cases, elapsed, interleave, printTable, summarize, timing } from './measure.js';

const ROUNDS = 25;
const BARE = 'node -e 0';
const cli = fileURLToPath(cliUrl);
const commands: Record<string, string[]> = {
  [BARE]: ['-e', '0'],
  '--version': [cli, '--version'],
  '--help': [cli, '--help'],
  'detect samples/street.jpg': [cli, 'detect', street],
};
let printed = 0;

const cases: Cases = {};
for (const [name, args] of Object.entries(commands)) cases[name] = () => elapsed(() => runNode(args));
const samples = await interleave(cases, { rounds: ROUNDS, warmUp: 2 });
const bare = summarize(samples[BARE]!).median;
const rows = Object.entries(samples).map(([command, taken]) => ({
  command,
  ...timing(taken),
  'above node': (summarize(taken).median - bare).toFixed(1),
}));
printTable('ms from start to end', rows);
console.log(`\nsum of results: ${printed} characters printed`);

function runNode(args: string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  printed += stdout.length;
}
