import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, run } from './run.js';

/** npm, without install scripts; throws what it says when it fails. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const [command, ...before] = process.platform === 'win32' ? ['cmd', '/c', 'npm'] : ['npm'];
  const { status, stdout, stderr } = await run(command!, [...before, ...args], { cwd });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Packs the built project. @returns path of the tarball */
export async function pack(folder: string): Promise<string> {
  const packed = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  return join(folder, (JSON.parse(packed) as [{ filename: string }])[0].filename);
}

export interface Applications {
  /** Folders with a package.json; the sigbox that they depend on becomes the tarball. */
  workspaces: readonly string[];
}

/** Installs the packed project, for all applications in a folder at once. */
export async function installPacked(folder: string, { workspaces }: Applications): Promise<void> {
  const tarball = await pack(folder);
  for (const name of workspaces) {
    const file = join(folder, name, 'package.json');
    const content = JSON.parse(await readFile(file, 'utf8'));
    content.dependencies.sigbox = `file:${tarball}`;
    await writeFile(file, JSON.stringify(content));
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, workspaces }));
  await npm(['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], folder);
}
