import { beforeEach, expect, test } from 'vitest';
import { SigboxError } from '../../src/errors.js';
import { PatientStore } from '../../src/files/store/patient-store.js';
import { StoreError } from '../../src/files/store/store.js';
import { BucketImages } from '../../src/runs/run-images.js';
import { MemoryStore } from '../support/memory-store.js';

let store: MemoryStore;

beforeEach(async () => {
  store = new MemoryStore();
  await store.write('a.jpg', Buffer.from('picture'));
});

const seen = { image: null, width: 1, height: 1, detections: '[]' };
const detector = {
  detectWritten: async (bytes: Uint8Array) => {
    if (Buffer.from(bytes).toString() === 'spoilt') throw new SigboxError('E_IMAGE', 'no image');
    return seen;
  },
};
const images = (hash = false) => new BucketImages(store, detector as never, hash);
const planned = { bytes: 7, modified: '2026-11-24T12:00:00.000Z', etag: '"0"' };

test('an object gives a result with its state as it was planned', async () => {
  expect(await images().detect({ name: 'a.jpg', file: planned })).toMatchObject({ outcome: seen, file: planned });
  const { file } = await images(true).detect({ name: 'a.jpg', file: planned });
  expect(file).toEqual({ ...planned, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test.each<[string, string, object, () => unknown]>([
  ['it was replaced', 'it changed since the run was planned', planned, () => store.write('a.jpg', Buffer.from('new'))],
  ['it is gone', 'it is no longer there', planned, () => store.remove('a.jpg')],
  [
    'nobody may read it',
    'there is no right to read it',
    planned,
    () => {
      store.fail = () => {
        throw new StoreError('refused', 'https://host/bucket?secret: 403');
      };
    },
  ],
])('%s: the image fails, in words that are the same everywhere', async (_, message, file, happen) => {
  await happen();
  const { outcome } = await images().detect({ name: 'a.jpg', file: file as never });
  expect(outcome).toMatchObject({ code: 'E_IO', message });
});

test('an object that is no image fails as a file does', async () => {
  await store.write('b.jpg', Buffer.from('spoilt'));
  const { outcome } = await images().detect({ name: 'b.jpg', file: { ...planned, etag: '"1"' } });
  expect(outcome).toMatchObject({ code: 'E_IMAGE', message: 'no image' });
});

test('a network that fails is no fault of the image', async () => {
  store.fail = () => {
    throw new StoreError('passing', '503');
  };
  await expect(images().detect({ name: 'a.jpg', file: planned })).rejects.toThrow('503');
  let failures = 0;
  store.fail = () => {
    if (failures++ < 2) throw new StoreError('passing', '503');
  };
  const patient = new BucketImages(new PatientStore(store, { first: 1 }), detector as never, false);
  expect(await patient.detect({ name: 'a.jpg', file: planned })).toMatchObject({ outcome: seen });
});
