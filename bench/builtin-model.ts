import type { Detector } from '../src/detector.js';
import { builtin, detector } from './built.js';

/** The model that all benches use: its file, and what it is. */
export async function builtinModel(): Promise<{ file: string; spec: Detector['spec'] }> {
  await using opened = await detector.createDetector({ workers: 0 });
  return { file: builtin.builtinModel(), spec: opened.spec };
}
