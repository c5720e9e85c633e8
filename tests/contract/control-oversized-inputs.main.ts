import { listOf, mapOf, structure } from '@thingpass/control/compound-shape'
import { body, readInput } from '@thingpass/control/members'
import { integer, text } from '@thingpass/control/shape'
import { TAGS } from '@thingpass/control/tag-shape'

// Reads one oversized body, in a process whose memory its test has bounded; tells what came of it.
const MEGABYTES = 5.5
const repeated = (part: string) => part.repeat((MEGABYTES * 1_000_000) / part.length)
const members = (mostBytes: number) => {
  const parts: string[] = []
  for (let bytes = 0; bytes < mostBytes; bytes += parts.at(-1)?.length ?? 0)
    parts.push(`"${parts.length.toString(36)}":0,`)
  return parts.join('')
}
const BODIES: Readonly<Record<string, () => string>> = {
  zeros: () => `{"tags":[${repeated('0,')}0]}`,
  objects: () => `{"list":[${repeated('{},')}{}]}`,
  members: () => `{${members(MEGABYTES * 1_000_000)}"z":0}`,
  entries: () => `{"map":{${members(MEGABYTES * 1_000_000)}"z":0}}`,
  depth: () => `{"map":${repeated('[')}`,
  text: () => `{"name":"${repeated('\\\\')}"}`,
  openings: () => `{"name":"${repeated('[{')}"}`,
}
const MEMBERS = {
  tags: body(TAGS),
  list: body(listOf(structure({ count: { shape: integer(1, 2), required: true } }), 0, 10)),
  map: body(mapOf(text(), text(), 10)),
  name: body(text({ longest: 128, pattern: /^[a-z]+$/ })),
}
const sent = BODIES[process.argv[2] ?? '']?.() ?? ''
const source = { request: { query: [], headers: new Map(), body: sent }, labels: new Map() }
const begun = performance.now()
const reading = readInput(MEMBERS, source, { strict: true })
const milliseconds = performance.now() - begun
const answer = reading.ok ? 'taken' : reading.message
process.stdout.write(JSON.stringify({ sent: sent.length, answer, milliseconds }))
