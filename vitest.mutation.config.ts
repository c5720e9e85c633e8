import { defineConfig } from 'vitest/config'

// What mutants of packages/core are held against: its own quick tests. The differential run repeats ten thousand cases for each.
export default defineConfig({
  test: {
    include: ['packages/core/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/differential.test.ts'],
  },
})
