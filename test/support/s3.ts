import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, onTestFinished } from 'vitest';
import { freePort } from './free-port.js';

/** moto's server, from PyPI: the variable MOTO_SERVER names it where it is not on the path. */
const { MOTO_SERVER = 'moto_server' } = process.env;
const found = await promisify(execFile)(MOTO_SERVER, ['--help']).then(
  () => true,
  () => false,
);
if (!found) console.warn('moto_server is missing: the tests with S3 are skipped. pip install "moto[server]"');

/** Tests that need an S3 server; skipped where there is none. */
export const withS3 = describe.skipIf(!found);

/** Variables with which the SDK finds a server. */
export type S3Variables = Record<
  'AWS_ENDPOINT_URL' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_REGION',
  string
>;

/** An S3 server with one bucket, `bucket`, for one test; its variables are this process's as well. */
export async function startS3(): Promise<S3Variables> {
  const port = await freePort();
  const child = spawn(MOTO_SERVER, ['-H', '127.0.0.1', '-p', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  for await (const text of child.stderr.setEncoding('utf8') as AsyncIterable<string>) {
    if (text.includes('Running on')) break;
  }
  child.stderr.resume();
  child.stdout.resume();
  const variables = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'someone',
    AWS_SECRET_ACCESS_KEY: 'topsecret',
    AWS_REGION: 'us-east-1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', // of Node 20, on standard error
  };
  useVariables(variables);
  await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'bucket' }));
  return variables;
}

/** Until the test ends. */
export function useVariables(variables: Record<string, string>): void {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  onTestFinished(() => {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
}
