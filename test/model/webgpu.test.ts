import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { DetectionResult } from '../../src/types/detections.js';
import { data } from '../support/data.js';
import { sample, sigbox } from '../support/run.js';
import { describeWithWebgpu, webgpuEnvironment } from '../support/webgpu.js';

/** Boxes of both providers: float32 on either, summed in another order. */
const PIXELS = 0.5;
const SCORES = 0.005;

async function detect(image: string, provider: string, model?: string): Promise<DetectionResult['detections']> {
  const args = ['detect', image, '--provider', provider, '--json', ...(model === undefined ? [] : ['--model', model])];
  const { status, stdout, stderr } = await sigbox(args, { env: webgpuEnvironment });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return JSON.parse(stdout).detections;
}

async function expectSame(image: string, model?: string): Promise<void> {
  const [cpu, webgpu] = [await detect(image, 'cpu', model), await detect(image, 'webgpu', model)];
  expect(cpu.length).toBeGreaterThan(0);
  expect(webgpu.map(({ label }) => label)).toEqual(cpu.map(({ label }) => label));
  for (const [i, { box, score }] of webgpu.entries()) {
    for (const [k, edge] of box.entries()) expect(Math.abs(edge - cpu[i].box[k])).toBeLessThan(PIXELS);
    expect(Math.abs(score - cpu[i].score)).toBeLessThan(SCORES);
  }
}

/** A driver in software takes half a minute where others work as well. */
const PATIENCE = 20 * 60_000;

const OTHERS = ['yolox_nano_416.onnx', 'picodet_s_320.onnx'];

describeWithWebgpu('WebGPU gives what the CPU gives', () => {
  test.each(['street.jpg', 'table.jpg', 'crossing.jpg'])(
    'the built-in model on %s',
    { timeout: PATIENCE },
    async (name) => {
      await expectSame(sample(name));
    },
  );

  test.each(OTHERS)('%s', { timeout: PATIENCE }, async (name) => {
    const model = data('models', name);
    if (existsSync(model)) await expectSame(sample('street.jpg'), model);
    else console.warn(`Skipped: no ${name} for WebGPU.`);
  });
});
