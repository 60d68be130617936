import type { S3Client } from '@aws-sdk/client-s3';
import { complain, reason, SigboxError } from '../../errors.js';
import { isBelow } from '../owned-files.js';
import { loadOptional } from '../package-files.js';
import { type ReadHow, type Store, type StoredFile, StoreError, type Trouble, type Written } from './store.js';

/** What is larger is written in parts of this size, bytes. */
const PART = 16 * 1024 * 1024;
/** A server that says nothing for so long is not waited for. */
const SILENCE_MS = 60_000;
const CONNECT_MS = 10_000;

type Packages = typeof import('@aws-sdk/client-s3');

/**
 * A prefix of a bucket as a store. Endpoint, region and credentials are those that the AWS SDK finds (AWS_ENDPOINT_URL,
 * AWS_REGION, AWS_PROFILE, AWS_ACCESS_KEY_ID …); a server of one's own is asked by path, unless AWS_S3_FORCE_PATH_STYLE is
 * false. Errors hold what the server said, and nothing of the request.
 */
export class S3Store implements Store {
  readonly name: string;
  readonly #bucket: string;
  /** '' or with a slash at its end. */
  readonly #prefix: string;
  readonly #client: S3Client;
  readonly #packages: Packages;

  private constructor(place: { bucket: string; prefix: string }, packages: Packages) {
    this.#bucket = place.bucket;
    this.#prefix = place.prefix === '' ? '' : `${place.prefix}/`;
    this.name = `s3://${[place.bucket, place.prefix].filter((part) => part !== '').join('/')}`;
    this.#packages = packages;
    this.#client = new packages.S3Client(settings());
  }

  /** @throws SigboxError E_ARGUMENT  no such place, or the package is missing */
  static async open(where: string): Promise<S3Store> {
    const place = placeOf(where);
    return new S3Store(place, await loadOptional('s3', ['@aws-sdk/client-s3'], () => import('@aws-sdk/client-s3')));
  }

  async read(key: string, how: ReadHow = {}): Promise<{ bytes: Uint8Array; etag?: string }> {
    return this.#try('read', key, how.signal, async () => {
      const { Body, ETag, ContentLength } = await this.#get(key, how);
      const bytes = await Body!.transformToByteArray();
      if (ContentLength !== undefined && bytes.length !== ContentLength) throw new Error('it ends too early');
      return { bytes, ...(ETag !== undefined && { etag: ETag }) };
    });
  }

  async *stream(key: string, how: ReadHow = {}): AsyncGenerator<Uint8Array> {
    const { Body } = await this.#try('read', key, how.signal, () => this.#get(key, how));
    const pieces = (Body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    for (;;) {
      const next = await this.#try('read', key, how.signal, () => pieces.next());
      if (next.done === true) return;
      yield next.value;
    }
  }

  async write(
    key: string,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    { ifAbsent = false, signal }: { ifAbsent?: boolean; signal?: AbortSignal | undefined } = {},
  ): Promise<Written> {
    if (!(content instanceof Uint8Array)) return this.#writeInParts(key, content, signal);
    const put = (condition: { IfNoneMatch?: string }) => {
      const { PutObjectCommand } = this.#packages;
      return this.#client.send(
        new PutObjectCommand({ ...this.#object(key), Body: content, ...condition }),
        abort(signal),
      );
    };
    return this.#try('written', key, signal, async () => {
      if (!ifAbsent) return put({}).then(() => 'written' as const);
      try {
        await put({ IfNoneMatch: '*' });
      } catch (error) {
        if (statusOf(error) === 412) return 'exists';
        if (statusOf(error) !== 501) throw error;
        // A server without conditional writes: of two writers at one moment the later one's content stays.
        if ((await this.find(key)) !== null) return 'exists';
        await put({});
      }
      return 'written';
    });
  }

  async find(key: string, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<StoredFile | null> {
    return this.#try('read', key, signal, async () => {
      const { HeadObjectCommand } = this.#packages;
      try {
        const found = await this.#client.send(new HeadObjectCommand(this.#object(key)), abort(signal));
        return storedFile(key, { Size: found.ContentLength, ETag: found.ETag, LastModified: found.LastModified });
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    });
  }

  async *list(
    prefix: string,
    how: { after?: string; signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<StoredFile> {
    const ask = (token?: string) => this.#page(prefix, how, token);
    for (let page = ask(); ; ) {
      const { Contents = [], NextContinuationToken: token } = await page;
      if (token !== undefined) {
        page = ask(token); // while the reader is busy with this one
        page.catch(() => {}); // it is waited for later, if at all
      }
      for (const { Key, ...rest } of Contents) yield storedFile(Key!.slice(this.#prefix.length), rest);
      if (token === undefined) return;
    }
  }

  #page(
    prefix: string,
    { after, signal }: { after?: string; signal?: AbortSignal | undefined },
    token: string | undefined,
  ) {
    const { ListObjectsV2Command } = this.#packages;
    return this.#try('listed', prefix, signal, () =>
      this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: this.#prefix + prefix,
          ...(after !== undefined && { StartAfter: this.#prefix + after }),
          ...(token !== undefined && { ContinuationToken: token }),
        }),
        abort(signal),
      ),
    );
  }

  async remove(key: string): Promise<void> {
    const { DeleteObjectCommand } = this.#packages;
    await this.#try('removed', key, undefined, () => this.#client.send(new DeleteObjectCommand(this.#object(key))));
  }

  /** An object appears only when it is whole. Uploads in parts that were never completed are ended by the bucket's own rules. */
  async removeAbandoned(): Promise<void> {}

  #get(key: string, { ifMatch, signal }: ReadHow) {
    const { GetObjectCommand } = this.#packages;
    const condition = ifMatch === undefined ? {} : { IfMatch: ifMatch };
    return this.#client.send(new GetObjectCommand({ ...this.#object(key), ...condition }), abort(signal));
  }

  /** It appears once its last part is there. */
  async #writeInParts(key: string, pieces: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Written> {
    const { CreateMultipartUploadCommand, UploadPartCommand, CompleteMultipartUploadCommand } = this.#packages;
    const object = this.#object(key);
    const parts: { ETag: string | undefined; PartNumber: number }[] = [];
    let upload: string | undefined; // its id
    const send = async (bytes: Uint8Array) => {
      upload ??= (await this.#client.send(new CreateMultipartUploadCommand(object), abort(signal))).UploadId;
      const part = { ...object, UploadId: upload, PartNumber: parts.length + 1 };
      const { ETag } = await this.#client.send(new UploadPartCommand({ ...part, Body: bytes }), abort(signal));
      parts.push({ ETag, PartNumber: part.PartNumber });
    };
    let [waiting, size] = [[] as Uint8Array[], 0];
    try {
      for await (const piece of pieces) {
        waiting.push(piece);
        size += piece.length;
        if (size < PART) continue;
        await this.#try('written', key, signal, () => send(Buffer.concat(waiting)));
        [waiting, size] = [[], 0];
      }
      const rest = Buffer.concat(waiting);
      if (upload === undefined) return await this.write(key, rest, { signal });
      return await this.#try('written', key, signal, async (): Promise<Written> => {
        if (rest.length > 0) await send(rest);
        const whole = { ...object, UploadId: upload, MultipartUpload: { Parts: parts } };
        await this.#client.send(new CompleteMultipartUploadCommand(whole), abort(signal));
        return 'written';
      });
    } catch (error) {
      await this.#abandon(object, upload);
      throw error;
    }
  }

  async #abandon(object: { Bucket: string; Key: string }, UploadId: string | undefined): Promise<void> {
    if (UploadId === undefined) return;
    const { AbortMultipartUploadCommand } = this.#packages;
    await this.#client.send(new AbortMultipartUploadCommand({ ...object, UploadId })).catch(() => {}); // the cause says more
  }

  #object(key: string): { Bucket: string; Key: string } {
    if (isBelow(key)) return { Bucket: this.#bucket, Key: this.#prefix + key };
    throw complain('E_IO', { where: this.name, expected: 'a key below the store', received: key });
  }

  /** The error of the SDK is no cause: it may hold the request with its signature. */
  async #try<T>(what: string, key: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof SigboxError) throw error;
      const { name } = error as Error;
      const said = `${name === 'Error' ? '' : `${name}: `}${reason(error)}`.replace(/[.:\s]+$/, '');
      throw new StoreError(troubleOf(error), `${this.name}: ${key} cannot be ${what}: ${said}.`);
    }
  }
}

function settings() {
  const { env } = process;
  const own = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  const byPath = env.AWS_S3_FORCE_PATH_STYLE ?? String(own !== undefined);
  return {
    maxAttempts: 4,
    forcePathStyle: byPath !== 'false',
    ...(own !== undefined && { endpoint: own }),
    ...(own !== undefined &&
      env.AWS_REGION === undefined &&
      env.AWS_DEFAULT_REGION === undefined && { region: 'us-east-1' }),
    // Servers other than Amazon's know no checksums, or others.
    requestChecksumCalculation: 'WHEN_REQUIRED' as const,
    responseChecksumValidation: 'WHEN_REQUIRED' as const,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: SILENCE_MS, throwOnRequestTimeout: true },
  };
}

/** @throws SigboxError E_ARGUMENT  no bucket and prefix; what it is may hold a password, and is not told */
function placeOf(where: string): { bucket: string; prefix: string } {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]*)\/*(.*?)\/*$/i.exec(where) ?? [];
  if (/^[a-z0-9][a-z0-9._-]{1,254}$/i.test(bucket) && (prefix === '' || isBelow(prefix))) return { bucket, prefix };
  const expected = 's3://BUCKET/PREFIX without user and password';
  throw complain('E_ARGUMENT', { where: 's3', expected, received: 'something else' });
}

function storedFile(
  key: string,
  of: { Size?: number | undefined; ETag?: string | undefined; LastModified?: Date | undefined },
): StoredFile {
  const { Size = 0, ETag, LastModified } = of;
  return { key, size: Size, modified: LastModified?.getTime() ?? 0, ...(ETag !== undefined && { etag: ETag }) };
}

function abort(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode;
}

/** Whatever has no status is a network that failed, but for credentials and settings that are missing. */
function troubleOf(error: unknown): Trouble {
  const { name = '', message = '' } = (error ?? {}) as Error;
  if (['CredentialsProviderError', 'NoSuchBucket', 'PermanentRedirect'].includes(name)) return 'refused';
  if (/region is missing|could not load credentials/i.test(message)) return 'refused';
  const status = statusOf(error);
  if (status === 404) return 'missing';
  if (status === 412) return 'changed';
  const isPassing = status === undefined || status >= 500 || [200, 408, 409, 429].includes(status);
  return isPassing || name === 'RequestTimeout' ? 'passing' : 'refused';
}
