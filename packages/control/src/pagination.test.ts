import { describe, expect, test } from 'vitest'
import { decodeToken, encodeToken, pageOf, readPage } from './pagination.ts'

const KEYS = ['a', 'b', 'c', 'd', 'e']

/** Walks a list that may change between two pages. */
function walk(lists: readonly (readonly string[])[], size: number, ascending = true) {
  const pages: (readonly string[])[] = []
  let token: string | undefined
  for (const keys of lists) {
    const page = pageOf(keys, { size, token, ascending })!
    pages.push(page.keys)
    token = page.token
    if (token === undefined) break
  }
  return { pages, finished: token === undefined }
}

test('a list is walked in pages, each key once', () => {
  expect(walk([KEYS, KEYS, KEYS, KEYS], 2)).toEqual({
    pages: [['a', 'b'], ['c', 'd'], ['e']],
    finished: true,
  })
})

test('a list is walked backwards', () => {
  expect(walk([KEYS, KEYS, KEYS, KEYS], 2, false)).toEqual({
    pages: [['e', 'd'], ['c', 'b'], ['a']],
    finished: true,
  })
})

test('a last page that is full has no token', () => {
  expect(walk([KEYS, KEYS], 5)).toEqual({ pages: [KEYS], finished: true })
})

test('an empty list is one empty page', () => {
  expect(pageOf([], { size: 1, token: undefined })).toEqual({ keys: [], token: undefined })
})

test('insertions and deletions between pages neither repeat nor skip what stays', () => {
  const changed = ['0', 'a', 'aa', 'c', 'd', 'e']
  expect(walk([KEYS, changed, changed], 2).pages).toEqual([['a', 'b'], ['c', 'd'], ['e']])
})

test('a page has 100 keys where nobody says', () => {
  const many = Array.from({ length: 101 }, (_, index) => String(index).padStart(3, '0'))
  expect(pageOf(many, { size: undefined, token: undefined })?.keys).toHaveLength(100)
})

test.each(['', 'a', 'lamp:1', 'ü'])('a token holds %j and looks like no name', (key) => {
  const token = encodeToken(key)
  expect(token).toMatch(/^[A-Za-z0-9+/]+={0,2}$/)
  expect(decodeToken(token)).toBe(key)
})

test.each([
  ['of another form', Buffer.from('2 a').toString('base64')],
  ['with bits left over', `${encodeToken('a').slice(0, -1)}`],
  ['that is no base64', '****'],
  ['that is a name', 'lamp-1'],
])('a token %s is not taken', (_, token) => {
  expect(decodeToken(token)).toBeUndefined()
  expect(pageOf(KEYS, { size: 1, token })).toBeUndefined()
})

describe('a list of the registry', () => {
  const asked: object[] = []
  const letters = {
    parseKey: (text: unknown) => KEYS.find((key) => key === text),
    keyOf: ({ letter }: { readonly letter: string }) => letter,
    list: async (page: object) => {
      asked.push(page)
      return { items: [{ letter: 'a' }, { letter: 'b' }], more: true }
    },
  }
  const first = { size: undefined, token: undefined }

  test('is asked for from the beginning, 100 items, in the registry’s own order', async () => {
    await readPage(first, letters)
    expect(asked.at(-1)).toEqual({ limit: 100 })
  })

  test('goes on behind the last item, in the same direction', async () => {
    const page = await readPage(first, letters)
    if (!page.ok) throw new Error('no page')
    expect(page.items).toEqual([{ letter: 'a' }, { letter: 'b' }])
    await readPage({ size: 2, token: page.token, ascending: false }, letters)
    expect(asked.at(-1)).toEqual({ limit: 2, after: 'b', ascending: false })
  })

  test('has ended when the registry has no more, or gives nothing', async () => {
    for (const end of [
      { items: [{ letter: 'e' }], more: false },
      { items: [], more: true },
    ]) {
      const page = await readPage(first, { ...letters, list: async () => end })
      expect(page).toMatchObject({ ok: true, token: undefined })
    }
  })

  test.each([
    ['of another form', 'b3RoZXI='],
    ['of another list', encodeToken('z')],
  ])('is not asked for with a token %s', async (_, token) => {
    const before = asked.length
    expect(await readPage({ size: 1, token }, letters)).toMatchObject({
      error: { code: 'InvalidRequestException', message: 'The marker is not valid' },
    })
    expect(asked).toHaveLength(before)
  })
})
