import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readXml, textAt } from './xml.ts'

const text = (document: string, ...path: string[]) => textAt(readXml(document), ...path)

test.each([
  ['<a>x</a>', 'x'],
  ['<a></a>', ''],
  ['<a/>', ''],
  ['<a />', ''],
  ['<?xml version="1.0" encoding="UTF-8"?>\n<a>x</a>\n', 'x'],
  ['\uFEFF<a>x</a>', 'x'],
  ['  <a>x</a>  ', 'x'],
  ['<a xmlns="https://sts.amazonaws.com/doc/2011-06-15/" b="">x</a >', 'x'],
  ['<a> x\n</a>', ' x\n'],
  ['<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x42;&#x1F600;</a>', '<&>"\'AB😀'],
  ['<a>&amp;lt;</a>', '&lt;'],
])('reads the text of %j', (document, expected) => {
  expect(text(document)).toBe(expected)
})

test('finds a text at the end of a path', () => {
  const document = '<a>\n <b><c>1</c></b>\n <d>2</d>\n</a>'
  expect(text(document, 'b', 'c')).toBe('1')
  expect(text(document, 'd')).toBe('2')
})

test.each([
  ['nothing there', '<a><b/></a>', ['c']],
  ['nothing below', '<a><b>x</b></a>', ['b', 'c']],
  ['two of them', '<a><b>1</b><b>2</b></a>', ['b']],
  ['two on the way', '<a><b><c>1</c></b><b/></a>', ['b', 'c']],
  ['elements instead of text', '<a><b><c>1</c></b></a>', ['b']],
])('finds no text where there is %s', (_, document, path) => {
  expect(readXml(document)).toBeDefined()
  expect(text(document, ...path)).toBeUndefined()
})

test.each([
  '',
  ' ',
  'text',
  '<?xml version="1.0"?>',
  '<a>',
  '</a>',
  '<a></b>',
  '<a></a/>',
  '<a><b></a></b>',
  '<a/><b/>',
  '<a/>text',
  'text<a/>',
  '<a>text<b/></a>',
  '<a><b/>text</a>',
  '<a><!-- comment --></a>',
  '<!-- comment --><a/>',
  '<a><![CDATA[x]]></a>',
  '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
  '<a><?php x?></a>',
  '<a>&unknown;</a>',
  '<a>&amp</a>',
  '<a>& b</a>',
  '<a>&#0;</a>',
  '<a>&#xD800;</a>',
  '<a>&#x110000;</a>',
  '<a>&#x;</a>',
  '<a b></a>',
  "<a b='c'></a>",
  '<a b="<"></a>',
  '<1/>',
  '< a/>',
  '{"a":1}',
  `${'<a>'.repeat(17)}${'</a>'.repeat(17)}`,
])('reads no document %j', (document) => {
  expect(readXml(document)).toBeUndefined()
})

test('reads sixteen levels at most', () => {
  expect(readXml(`${'<a>'.repeat(15)}${'</a>'.repeat(15)}`)).toBeDefined()
})

describe('whatever the text', () => {
  const written = (plain: string) =>
    plain.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

  test('it comes back as it was written', () => {
    const content = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(content, (plain) => {
        expect(text(`<a><b>${written(plain)}</b></a>`, 'b')).toBe(plain)
      }),
    )
  })

  test('a document is read or not, without a throw and in no time', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'a',
      ' ',
      '=',
      '"',
      '&',
      ';',
      '#',
      '<a',
      '</a>',
      'a="b"',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        expect(() => readXml(pieces.join(''))).not.toThrow()
      }),
    )
  })

  test.each([
    ['blanks in a tag', `<a${' '.repeat(60_000)}`],
    ['attributes', `<a${' b="c"'.repeat(10_000)}`],
    ['open quotes', `<a b="${'x" '.repeat(20_000)}`],
    ['ampersands', `<a>${'&'.repeat(60_000)}</a>`],
    ['open tags', '<a>'.repeat(20_000)],
    ['a long name', `<${'a'.repeat(60_000)}/>`],
  ])('%s take no time', (_, document) => {
    const begun = performance.now()
    expect(readXml(document)).toBeUndefined()
    expect(performance.now() - begun).toBeLessThan(500)
  })
})
