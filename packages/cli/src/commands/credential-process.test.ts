import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runProgram } from '../program.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  await writeFile(join(folder, 'file'), 'secret')
})
afterAll(() => rm(folder, { recursive: true }))

async function credentialProcess(changed: Readonly<Record<string, string>>) {
  const file = join(folder, 'file')
  const options = {
    ...{ endpoint: '127.0.0.1:1', 'role-alias': 'camera', cert: file, key: file },
    'cache-dir': join(folder, 'cache'),
    ...changed,
  }
  const printed = { out: '', err: '' }
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const code = await runProgram(['credential-process', ...flags], {
    out: (text) => {
      printed.out += text
    },
    err: (text) => {
      printed.err += text
    },
    environment: {},
  })
  return { code, ...printed }
}

test.each([
  [{ endpoint: 'https://127.0.0.1' }, '--endpoint'],
  [{ key: '/none' }, '/none cannot be read'],
  [{ 'cache-dir': '/dev/null/x' }, '--cache-dir'],
])('with %j it ends with 2 and one line', async (changed, problem) => {
  const { code, out, err } = await credentialProcess(changed)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^thingpass: [^\n]*\n$/)
  expect(err).toContain(problem)
})

test('a directory that others can reach is not written to', async () => {
  const open = await mkdtemp(join(folder, 'open-'))
  await chmod(open, 0o755)
  expect(await credentialProcess({ 'cache-dir': open })).toMatchObject({
    ...{ code: 2, err: expect.stringContaining('chmod 700') },
  })
  expect(await readdir(open)).toEqual([])
})

test('a key that is none ends with 1, one line, and nothing of the file', async () => {
  const { code, out, err } = await credentialProcess({})
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toBe('thingpass: no credentials: the certificate or key file is not PEM\n')
  expect(await readdir(join(folder, 'cache'))).toEqual([expect.stringMatching(/\.json$/)])
})
