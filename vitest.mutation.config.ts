import { defineConfig } from 'vitest/config'

// What mutants of packages/core are held against: its own quick tests. Two of them are long: the differential run
// repeats ten thousand cases, the worst case takes the most steps there are.
export default defineConfig({
  test: {
    include: ['packages/core/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/differential.test.ts', '**/worst-case.test.ts'],
  },
})
