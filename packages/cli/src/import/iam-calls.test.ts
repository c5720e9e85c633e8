import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createIamCalls } from './iam-calls.ts'

const ENCODED = '%7B%22Version%22%3A%222012-10-17%22%7D'
const DOCUMENT = '{"Version":"2012-10-17"}'

/** What IAM says to each action, over its query protocol; a list comes on two pages. */
function answerTo(form: URLSearchParams): string {
  const last = form.get('Marker') === 'next'
  const page = last
    ? '<IsTruncated>false</IsTruncated>'
    : '<IsTruncated>true</IsTruncated><Marker>next</Marker>'
  switch (form.get('Action')) {
    case 'ListRolePolicies':
      return `${page}<PolicyNames><member>${last ? 'b' : 'a'}</member></PolicyNames>`
    case 'ListAttachedRolePolicies':
      return `${page}<AttachedPolicies><member><PolicyArn>arn:${last}</PolicyArn></member></AttachedPolicies>`
    case 'GetRolePolicy':
      return `<PolicyDocument>${ENCODED}</PolicyDocument>`
    case 'GetPolicy':
      return '<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>'
    default:
      return form.get('VersionId') === 'v3'
        ? `<PolicyVersion><Document>${ENCODED}</Document></PolicyVersion>`
        : ''
  }
}

let server: Server
beforeEach(async () => {
  server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request))
    const action = form.get('Action')
    response.setHeader('content-type', 'text/xml')
    response.end(
      `<${action}Response><${action}Result>${answerTo(form)}</${action}Result></${action}Response>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

test('roles are read from IAM, lists to their end and documents decoded', async () => {
  const { port } = server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  const credentials = { accessKeyId: 'AKIAFAKE', secretAccessKey: 'fake' }
  const iam = createIamCalls({ region: 'us-east-1', endpoint, credentials })
  expect(await iam.listInline('camera')).toEqual(['a', 'b'])
  expect(await iam.listManaged('camera')).toEqual(['arn:false', 'arn:true'])
  expect(await iam.readInline('camera', 'a')).toBe(DOCUMENT)
  expect(await iam.readManaged('arn:true')).toBe(DOCUMENT)
})
