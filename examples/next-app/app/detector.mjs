import { createDetector } from 'sigbox';

// Once per server, not once per request; on globalThis it also survives the reloads of `next dev`.
export const getDetector = () => {
  globalThis.detector ??= createDetector({ maxQueue: 32, timeout: 30 });
  return globalThis.detector;
};
