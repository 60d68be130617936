import { expect, test } from 'vitest';
import { PatientStore } from '../../../src/files/store/patient-store.js';
import { type Store, type StoredFile, StoreError, type Trouble } from '../../../src/files/store/store.js';

/** A store whose every call fails so often before it works. */
function failing(times: number, trouble: Trouble = 'passing'): Store & { calls: number } {
  let left = times;
  const store = {
    name: 'store',
    calls: 0,
    async read() {
      store.attempt();
      return { bytes: Buffer.from('x') };
    },
    async *stream() {},
    async write() {
      store.attempt();
      return 'written' as const;
    },
    async find() {
      store.attempt();
      return null;
    },
    async *list(_: string, { after = '' } = {}): AsyncGenerator<StoredFile> {
      for (const key of ['a', 'b', 'c']) {
        if (key <= after) continue;
        store.attempt();
        yield { key, size: 1, modified: 0 };
        left = times;
      }
    },
    async remove() {
      store.attempt();
    },
    async removeAbandoned() {},
    attempt() {
      store.calls++;
      if (left-- > 0) throw new StoreError(trouble, 'out of order');
    },
  };
  return store;
}

test('what may work later is tried again, and said', async () => {
  const said: string[] = [];
  const patient = new PatientStore(failing(2), { first: 1, onWait: (message) => said.push(message) });
  expect(Buffer.from((await patient.read('a')).bytes).toString()).toBe('x');
  expect(said).toEqual(['out of order', 'out of order']);
  expect(await new PatientStore(failing(2), { first: 1 }).write('a', Buffer.from('x'))).toBe('written');
  expect(await new PatientStore(failing(2), { first: 1 }).find('a')).toBeNull();
  await new PatientStore(failing(2), { first: 1 }).remove('a');
});

test('a list goes on where it was broken off: no key is lost, none comes twice', async () => {
  const keys: string[] = [];
  for await (const { key } of new PatientStore(failing(2), { first: 1 }).list('')) keys.push(key);
  expect(keys).toEqual(['a', 'b', 'c']);
});

test.each<Trouble>(['missing', 'changed', 'refused'])('%s is an answer: it is not tried again', async (trouble) => {
  const store = failing(1, trouble);
  await expect(new PatientStore(store, { first: 1 }).read('a')).rejects.toMatchObject({ trouble });
  expect(store.calls).toBe(1);
});

test('patience ends', async () => {
  const store = failing(100);
  await expect(new PatientStore(store, { first: 1, attempts: 4 }).read('a')).rejects.toMatchObject({
    trouble: 'passing',
  });
  expect(store.calls).toBe(4);
});

test('an abort ends the wait', async () => {
  const stop = new AbortController();
  const patient = new PatientStore(failing(100), { first: 1e6, onWait: () => stop.abort() });
  await expect(patient.read('a', { signal: stop.signal })).rejects.toThrow(/abort/);
});
