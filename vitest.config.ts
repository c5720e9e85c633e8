import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // A test that takes long fails by its own deadlines; this one only ends a test that hangs, also on a machine that is busy.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    include: [
      'packages/*/src/**/*.test.ts',
      'functions/**/*.test.ts',
      'tests/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/*.slow.test.ts'],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**', 'functions/**'],
      exclude: ['**/*.main.ts', '**/*.test.ts'],
    },
  },
})
