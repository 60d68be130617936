import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe } from 'vitest';
import { sample, sigbox } from './run.js';

/** Chromium's Vulkan driver in software, where Debian, Ubuntu and Google put it; SIGBOX_VULKAN names another. */
const DRIVERS = [
  process.env.SIGBOX_VULKAN,
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];
const driver = DRIVERS.find((path) => path !== undefined && existsSync(path));

/** With these a process finds the driver, where libvulkan1 is installed. */
export const webgpuEnvironment: NodeJS.ProcessEnv =
  driver === undefined ? {} : { VK_ICD_FILENAMES: driver, XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? tmpdir() };

const tried = await sigbox(['detect', sample('table.jpg'), '--provider', 'webgpu', '--json'], {
  env: webgpuEnvironment,
});
const missing = tried.status !== 0;
if (missing) {
  console.warn(
    `Skipped: no WebGPU adapter (${tried.stderr.trim().split('\n').at(-1)}). Chromium's SwiftShader and libvulkan1 make one.`,
  );
}

/** `describe`, skipped where no adapter can be had. */
export const describeWithWebgpu = describe.skipIf(missing);
