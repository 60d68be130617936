import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000, // only for what hangs: the machine may be slow, and that is no fault
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'coverage/tests.json' }]],
  },
});
