import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['./vitest.global.ts'],
    setupFiles: ['./vitest.each.ts'],
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/build/**'],
    // Real databases and servers: slow machines get the time they need. A test that hangs is still ended.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
});
