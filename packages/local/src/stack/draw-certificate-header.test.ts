import { parseCertificateHeader } from '@thingpass/functions/front-door/certificate-header'
import { expect, test } from 'vitest'
import { drawCertificateHeader } from './draw-certificate-header.ts'

test('T03: what is drawn is a name that the deployed function takes, and another each time', () => {
  const names = Array.from({ length: 20 }, drawCertificateHeader)
  expect(names.map(parseCertificateHeader)).toEqual(names)
  expect(new Set(names).size).toBe(20)
})
