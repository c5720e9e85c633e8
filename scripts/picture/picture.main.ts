import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { draw } from './draw.ts'

const DOCS = join(import.meta.dirname, '../../docs')

writeFileSync(
  join(DOCS, 'architecture.svg'),
  await draw(readFileSync(join(DOCS, 'architecture.dot'), 'utf8')),
)
process.stdout.write('docs/architecture.svg is drawn\n')
