// Takes a folder's lock again and again. While it has it, it writes to a log, where a second holder would be seen.
// node take-lock.mjs LIBRARY FOLDER LOG TIMES [DIES_AFTER]
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const [library, folder, log, times, diesAfter = 'Infinity'] = process.argv.slice(2);
const { lockFolder } = await import(pathToFileURL(library).href);
const id = Math.random().toString(36).slice(2);
let taken = 0;
for (let i = 0; i < Number(times); i++) {
  const lock = await lockFolder(folder).catch((error) => {
    if (error.code !== 'E_IO' || !/no other run writes to/.test(error.message)) throw error;
    return null;
  });
  if (lock === null) {
    await sleep(Math.random() * 4);
    continue;
  }
  appendFileSync(log, `begin ${id}\n`);
  await sleep(Math.random() * 6);
  lock.requireHeld();
  if (++taken > Number(diesAfter)) {
    appendFileSync(log, `killed ${id}\n`);
    process.kill(process.pid, 'SIGKILL');
  }
  appendFileSync(log, `end ${id}\n`);
  await lock[Symbol.asyncDispose]();
}
