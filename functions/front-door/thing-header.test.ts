import { expect, test } from 'vitest'
import { readThingHeader } from './thing-header.ts'

test.each([{}, { host: 'x' }, { 'x-amzn-iot-thing': 'a' }])('%j names no thing', (headers) => {
  expect(readThingHeader(headers)).toEqual({ kind: 'absent' })
})

test.each(['x-amzn-iot-thingname', 'X-Amzn-Iot-ThingName', 'X-AMZN-IOT-THINGNAME'])(
  'the header is found as %s',
  (name) => {
    expect(readThingHeader({ [name]: 'Cam:1_a-b' })).toEqual({
      kind: 'named',
      thingName: 'Cam:1_a-b',
    })
  },
)

test.each(['', ' ', 'a,a', 'a, b', 'cam 1', ' cam', 'cam ', 'cäm', 'a/b', '*', 'x'.repeat(129)])(
  'T11: the value %j is malformed',
  (value) => {
    expect(readThingHeader({ 'x-amzn-iot-thingname': value })).toEqual({ kind: 'malformed' })
  },
)

test('T11: the header twice, under names of different letter case, is malformed even with equal values', () => {
  const twice = { 'x-amzn-iot-thingname': 'cam', 'X-Amzn-Iot-Thingname': 'cam' }
  expect(readThingHeader(twice)).toEqual({ kind: 'malformed' })
})

test('a header without a value is malformed, not absent', () => {
  expect(readThingHeader({ 'x-amzn-iot-thingname': undefined })).toEqual({ kind: 'malformed' })
})
