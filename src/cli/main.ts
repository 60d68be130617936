#!/usr/bin/env node
import { closeSync, openSync } from 'node:fs';
import { firstError, SigboxError } from '../errors.js';
import { printable } from '../text/printable.js';
import { type CommandRequest, parseCommandLine } from './command-line.js';
import { installFault } from './output/install-fault.js';
import { STATUS_OF } from './output/status.js';

/** Whether the command's files are what counts: then it goes on when nobody reads what it prints. */
let writesFiles = false;

process.stderr.on('error', () => {}); // there is nowhere left to say so
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' && writesFiles) return;
  if (error.code === 'EPIPE') process.exit(0); // the reader has had enough, as head does
  process.stderr.write(`sigbox: standard output cannot be written: ${error.message}\n`);
  process.exit(STATUS_OF.E_IO);
});

const TOO_FEW_FILES = 'more files have to be open than the system allows: raise the limit (ulimit -n 256).';
const FILES_NEEDED = 100;

try {
  requireWorkingFolder();
  process.exitCode = await answer(parseCommandLine(process.argv.slice(2)));
} catch (caught) {
  const error = firstError(caught);
  const known = isOutOfFiles(error) ? new SigboxError('E_IO', TOO_FEW_FILES, { cause: error }) : installFault(error);
  if (!(known instanceof SigboxError)) throw error;
  process.stderr.write(`sigbox: ${printable(known.message)}\n`);
  process.exitCode = STATUS_OF[known.code];
}

/** Each command is loaded when it is run: help and version need no native library. */
async function answer(request: CommandRequest): Promise<number> {
  if (!('run' in request)) {
    process.stdout.write(`${request.text}\n`);
    return 0;
  }
  writesFiles = request.writesFiles;
  return request.run();
}

/** Every relative path needs one. */
function requireWorkingFolder(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new SigboxError('E_IO', 'the working folder is no longer there: go to another one.', { cause });
  }
}

/**
 * Modules are loaded many at a time: with less than about a hundred open files allowed, that can fail. Node then says so, or
 * takes a package that it can't look into for one that is not there.
 */
function isOutOfFiles(error: unknown): boolean {
  const { code = '' } = (error ?? {}) as NodeJS.ErrnoException;
  return ['EMFILE', 'ENFILE'].includes(code) || (code === 'ERR_MODULE_NOT_FOUND' && !mayOpen(FILES_NEEDED));
}

function mayOpen(files: number): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < files) opened.push(openSync(process.execPath, 'r'));
    return true;
  } catch {
    return false;
  } finally {
    for (const file of opened) closeSync(file);
  }
}
