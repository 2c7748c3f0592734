import { defineConfig } from 'vitest/config';

const environment = { SLUICE_DIST: new URL('./dist', import.meta.url).pathname };

// biome-ignore lint/style/noDefaultExport: vitest asks for it.
export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    maxWorkers: 2,
    env: environment,
    projects: [
      {
        // Tests start real programs on few cores.
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // One workbench at a time: they measure.
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          // A workbench that is still starting takes a click away now and then. `npm test` names what needed it.
          retry: 1,
        },
      },
    ],
  },
});
