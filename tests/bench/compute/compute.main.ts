import { decisionRows } from './decisions.ts'
import { renderingRows } from './renderings.ts'

// node compute.main.ts decisions|renderings full|quick
const [subject, pace] = process.argv.slice(2)
const measure = subject === 'decisions' ? decisionRows : renderingRows
process.stdout.write(JSON.stringify(measure(pace === 'quick')))
