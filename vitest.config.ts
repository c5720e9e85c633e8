import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
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
