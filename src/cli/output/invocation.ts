import { existsSync } from 'node:fs';
import { delimiter, join, relative, win32 } from 'node:path';

/** How this process was started, as far as it matters to what a user types next. */
interface Start {
  env: NodeJS.ProcessEnv;
  /** Path of the script, as Node has it. */
  script: string;
  platform: NodeJS.Platform;
}

/**
 * What to type in front of a command's name: `sigbox` if a shell finds it, else what starts the installed package: `npx sigbox`,
 * or the word of the package manager that started this process.
 */
export function invocation(
  { env, script, platform }: Start = { env: process.env, script: process.argv[1] ?? '', platform: process.platform },
): string {
  const name = managerOf(env.npm_config_user_agent);
  // npx, and scripts of a package.json, put folders on the path that the user's shell does not have.
  if (env.npm_command !== undefined || env.npm_config_user_agent !== undefined) return name;
  if (isOnPath(env.PATH ?? env.Path ?? '', platform)) return 'sigbox';
  if (/[\\/]node_modules[\\/]/.test(script)) return name;
  return `node ${shellWord(relative('', script))}`;
}

function managerOf(agent = ''): string {
  if (agent.startsWith('pnpm/')) return 'pnpm exec sigbox';
  if (agent.startsWith('yarn/')) return 'yarn sigbox';
  return agent.startsWith('bun/') ? 'bunx sigbox' : 'npx sigbox';
}

function isOnPath(path: string, platform: NodeJS.Platform): boolean {
  const isWindows = platform === 'win32';
  const folders = path.split(isWindows ? win32.delimiter : delimiter);
  const names = isWindows ? ['sigbox.cmd', 'sigbox.exe', 'sigbox'] : ['sigbox'];
  const own = folders.filter((folder) => folder !== '' && !/node_modules[\\/]\.bin[\\/]?$/.test(folder));
  return own.some((folder) => names.some((name) => existsSync(join(folder, name))));
}

/** A path as a shell takes it. @param path  printable */
export function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
