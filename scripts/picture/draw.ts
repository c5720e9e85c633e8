import { Graphviz } from '@hpcc-js/wasm-graphviz'

/** Draws a graph of the DOT language as SVG; equal text gives equal bytes. */
export async function draw(dot: string): Promise<string> {
  const graphviz = await Graphviz.load()
  return graphviz.dot(dot, 'svg')
}
