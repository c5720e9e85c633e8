import { generateKeyPairSync } from 'node:crypto'
import type { Received } from './faulty-service.ts'
import { signDigest } from './sign-digest.ts'
import type { Reply } from './wire.ts'

/** The role that the stand-in of IAM knows, and who may pass it. */
export const ROLE = 'arn:aws:iam::123456789012:role/thingpass-demo-camera'
export const CALLER = 'arn:aws:iam::123456789012:user/anna'
const KEY_ARN = 'arn:aws:kms:us-east-1:123456789012:key/k-1'
const NAMESPACE = 'xmlns="https://iam.amazonaws.com/doc/2010-05-08/"'

const xml = (body: string): Reply => ({
  status: 200,
  headers: { 'content-type': 'text/xml' },
  body,
})

/** Says that the one role is there, and that anybody may pass it. */
export function answerAsIam(_received: Received, call: string): Reply {
  if (call === 'GetRole') {
    return xml(
      `<GetRoleResponse ${NAMESPACE}><GetRoleResult><Role><Path>/</Path><RoleName>r</RoleName><RoleId>AROA</RoleId><Arn>${ROLE}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>`,
    )
  }
  return xml(
    `<SimulatePrincipalPolicyResponse ${NAMESPACE}><SimulatePrincipalPolicyResult><EvaluationResults><member><EvalActionName>iam:PassRole</EvalActionName><EvalResourceName>${ROLE}</EvalResourceName><EvalDecision>allowed</EvalDecision></member></EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`,
  )
}

/** Signs with one key for whoever asks. */
export function createKms(): (received: Received, call: string) => Reply {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  const signed = (body: Buffer) =>
    signDigest(Buffer.from(JSON.parse(body.toString()).Message, 'base64'), privateKey).toString(
      'base64',
    )
  return ({ body }, call) => {
    const answer =
      call === 'GetPublicKey'
        ? { KeyId: KEY_ARN, PublicKey: spki, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }
        : { KeyId: KEY_ARN, Signature: signed(body) }
    return {
      status: 200,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify(answer),
    }
  }
}
