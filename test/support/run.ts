import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const sample = (name: string) => fileURLToPath(new URL(`../../samples/${name}`, import.meta.url));
/** The built command. */
export const bin = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Outcome {
  /** Exit status, or the name of the signal that ended the process. */
  status: number | string;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** For its standard input, which is closed afterwards. */
  input?: Uint8Array;
}

/** Runs a command to its end; never rejects. */
export function run(command: string, args: readonly string[], { input, env, ...options }: RunOptions = {}) {
  return new Promise<Outcome>((resolve) => {
    const settings = { ...options, env: { ...process.env, ...env }, maxBuffer: 2 ** 28 };
    const child = execFile(command, args, settings, (error, stdout, stderr) => {
      const status = error === null ? 0 : (error.code ?? error.signal ?? 'unknown');
      resolve({ status, stdout, stderr });
    });
    child.stdin?.on('error', () => {}); // a command that fails early closes its end
    child.stdin?.end(input);
  });
}

/** Runs the built `sigbox`. */
export function sigbox(args: readonly string[], options?: RunOptions): Promise<Outcome> {
  return run(process.execPath, [bin, ...args], options);
}
