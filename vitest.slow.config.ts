import { defineConfig } from 'vitest/config'

// Whole fleets, and every command as a process of its own: minutes, not seconds.
export default defineConfig({
  test: {
    include: ['tests/**/*.slow.test.ts'],
    exclude: ['**/node_modules/**'],
    fileParallelism: false,
  },
})
