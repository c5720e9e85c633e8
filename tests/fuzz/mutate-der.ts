import { type MutationMaterial, mutateOctets } from './mutate-octets.ts'

/** An element: constructed, or holding another encoding, it has children; else it has content. */
type Node = { tag: number; head: Buffer; children: Node[] | undefined; content: Buffer }

const DEEPEST = 16
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
/** Elements that are put where they do not belong: NULL, BOOLEANs, INTEGERs, an empty SEQUENCE and SET, a time, an empty OID. */
const STRANGERS = [
  ...['0500', '010100', '0101ff', '020100', '0201ff', '02020080', '0200', '3000', '3100'],
  ...['170d3236303130313030303030305a', '0600', '0403020101', '0a0108', '8000', 'a000'],
].map((text) => Buffer.from(text, 'hex'))

/** Changes one element of a DER encoding and mends every length around it; undefined for what is no DER. */
export function mutateDer(input: Buffer, material: MutationMaterial): Buffer | undefined {
  const roots = readNodes(input, 0)
  if (roots === undefined || roots.length === 0) return undefined
  const lists = listsOf(roots)
  const list = material.random.pick(lists)
  changeOne(list, material, () => readNodes(Buffer.from(material.other), 0))
  return Buffer.concat(roots.map(encode))
}

function changeOne(
  list: Node[],
  material: MutationMaterial,
  readOther: () => Node[] | undefined,
): void {
  const { random } = material
  const at = random.below(list.length)
  const node = list[at]!
  const changes: readonly (() => void)[] = [
    () => list.splice(at, 1),
    () => list.splice(at, 0, node),
    () => list.splice(random.below(list.length), 0, ...list.splice(at, 1)),
    () => list.splice(at, random.below(2), ...(readNodes(random.pick(STRANGERS), 0) ?? [])),
    () => list.splice(at, random.below(2), random.pick(random.pick(listsOf(readOther() ?? list)))),
    () => {
      node.tag = random.oneIn(2) ? random.below(256) : node.tag ^ (1 << random.below(8))
    },
    () => {
      node.content = mutateOctets(node.content, material)
    },
    () => {
      node.children = [node, ...(random.oneIn(4) ? [node] : [])].map((each) => ({ ...each }))
    },
  ]
  random.pick(changes)()
}

/** The list itself and those of all its nodes. */
function listsOf(list: Node[]): Node[][] {
  const inner = list.flatMap(({ children }) => (children === undefined ? [] : listsOf(children)))
  return list.length === 0 ? [[NOTHING]] : [list, ...inner]
}

const NOTHING: Node = { tag: 5, head: Buffer.of(), children: undefined, content: Buffer.of() }

/** Undefined for what is no row of elements. */
function readNodes(bytes: Buffer, depth: number): Node[] | undefined {
  const nodes: Node[] = []
  for (let at = 0; at < bytes.length; ) {
    const found = readNode(bytes.subarray(at), depth)
    if (found === undefined) return undefined
    nodes.push(found.node)
    at += found.length
  }
  return nodes
}

function readNode(bytes: Buffer, depth: number): { node: Node; length: number } | undefined {
  const span = depth > DEEPEST ? undefined : spanOf(bytes)
  if (span === undefined) return undefined
  const tag = bytes.readUInt8(0)
  const content = bytes.subarray(span.start, span.end)
  const headLength = tag === BIT_STRING ? 1 : 0
  const holds = (tag & 0x20) !== 0 || tag === OCTET_STRING || tag === BIT_STRING
  const inner = content.subarray(headLength)
  const children = holds && inner.length > 0 ? readNodes(inner, depth + 1) : undefined
  const head = children === undefined ? Buffer.of() : content.subarray(0, headLength)
  return { node: { tag, head, children, content }, length: span.end }
}

/** Where the content of the element lies with which these octets begin. */
function spanOf(bytes: Buffer): { readonly start: number; readonly end: number } | undefined {
  const first = bytes[1] ?? 0x80
  const octets = first < 0x80 ? 0 : first & 0x7f
  const start = 2 + octets
  if (first === 0x80 || octets > 3 || bytes.length < start) return undefined
  const end = start + (octets === 0 ? first : bytes.readUIntBE(2, octets))
  return end > bytes.length ? undefined : { start, end }
}

function encode({ tag, head, children, content }: Node): Buffer {
  const held = children === undefined ? content : Buffer.concat([head, ...children.map(encode)])
  return Buffer.concat([Buffer.of(tag), lengthOf(held.length), held])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const hex = length.toString(16)
  const octets = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.of(0x80 | octets.length), octets])
}
