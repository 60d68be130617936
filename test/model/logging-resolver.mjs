// node logging-resolver.mjs COMMAND…: runs a command while a name server on this machine notes who is asked for. Prints
// JSON: the command's status, the names, and what it left in the temporary folder and the home folder.
// To be run in namespaces of its own (unshare --net --mount).
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// An empty /tmp, in which the project stays where it is, should it lie there.
const project = fileURLToPath(new URL('../..', import.meta.url));
const isInTmp = project.startsWith('/tmp/');
if (isInTmp) execFileSync('mount', ['--bind', project, '/mnt']);
execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/tmp']);
if (isInTmp) {
  mkdirSync(project, { recursive: true });
  execFileSync('mount', ['--bind', '/mnt', project]);
}
const own = ['resolv.conf', 'out', ...(isInTmp ? [project.split('/')[2]] : [])];
execFileSync('ip', ['link', 'set', 'lo', 'up']);
writeFileSync('/tmp/resolv.conf', 'nameserver 127.0.0.1\noptions attempts:1 timeout:1\n');
execFileSync('mount', ['--bind', '/tmp/resolv.conf', '/etc/resolv.conf']);

const names = new Set();
const server = createSocket('udp4').on('message', (query) => names.add(nameIn(query)));
server.bind(53, '127.0.0.1');
await once(server, 'listening');
const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, HOME: '/tmp/home' },
});
const [status] = await once(child, 'close');
server.close();
const left = readdirSync('/tmp').filter((name) => !own.includes(name));
console.log(JSON.stringify({ status, names: [...names], left }));

/** Labels of the first question, which follow the head of twelve bytes. */
function nameIn(query) {
  const labels = [];
  for (let at = 12; query[at] > 0; at += query[at] + 1)
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
  return labels.join('.');
}
