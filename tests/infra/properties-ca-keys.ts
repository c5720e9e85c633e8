import { expect } from 'vitest'
import type { Properties } from './properties.ts'
import { ofType, only, statementsOf } from './statements.ts'

const KEY = 'aws:kms/key:Key'

/** What holds of the keys of a deployment that signs for the tenants `default` and `acme`. */
export const CA_KEY_PROPERTIES: Properties = {
  'a tenant that is signed for has a key of its own, which nobody can take out': (state) => {
    const keys = ofType(state, KEY)
    expect(keys.map(({ name }) => name)).toEqual(['CaKey-acme', 'CaKey-default'])
    for (const { inputs } of keys) {
      expect(inputs).toMatchObject({
        customerMasterKeySpec: 'ECC_NIST_P256',
        keyUsage: 'SIGN_VERIFY',
        deletionWindowInDays: 30,
      })
    }
    const { stage } = state.app
    expect(
      ofType(state, 'aws:kms/alias:Alias').map(
        ({ inputs }) => `${inputs.name} is ${inputs.targetKeyId}`,
      ),
    ).toEqual([
      `alias/thingpass-${stage}-ca-acme is CaKey-acme-id`,
      `alias/thingpass-${stage}-ca-default is CaKey-default-id`,
    ])
  },
  'the control function alone may sign, digests of SHA-256 alone': (state) => {
    const uses = ofType(state, 'aws:iam/role:Role').flatMap((role) =>
      statementsOf(role)
        .filter(({ Action }) => Action.some((action) => action.startsWith('kms:')))
        .map(({ Sid, Effect, ...use }) => ({ role: role.name, ...use })),
    )
    const Resource = ['default', 'acme'].map((tenant) =>
      expect.stringContaining(`key/CaKey-${tenant}`),
    )
    const Condition = { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } }
    expect(uses).toEqual([
      { role: 'ControlRole', Action: ['kms:Sign'], Resource, Condition },
      { role: 'ControlRole', Action: ['kms:GetPublicKey'], Resource },
    ])
  },
  "a key's policy lets the account administer, and no principal but the control function sign": (
    state,
  ) => {
    const control = only(state, 'aws:iam/role:Role', 'ControlRole').inputs.name
    for (const { inputs } of ofType(state, KEY)) {
      const [administer, sign, ...more] = JSON.parse(inputs.policy).Statement
      expect(more).toEqual([])
      expect(administer).toMatchObject({ Effect: 'Allow', Action: expect.any(Array) })
      for (const action of administer.Action) {
        expect(action).toMatch(
          /^kms:(?:(?:Create|Delete|Update)Alias|(?:Describe|Disable|Enable)Key|Get\w+|List\w+|PutKeyPolicy|(?:Cancel|Schedule)KeyDeletion|(?:Tag|Untag)Resource|UpdateKeyDescription)$/,
        )
      }
      expect(administer.Action).toContain('kms:PutKeyPolicy')
      expect(sign).toMatchObject({
        Effect: 'Allow',
        Action: ['kms:GetPublicKey', 'kms:Sign'],
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::123456789012:role/${control}` },
        },
      })
    }
  },
  'keys outlive a production deployment': (state) => {
    for (const { retainOnDelete } of ofType(state, KEY)) {
      expect(retainOnDelete === true).toBe(state.app.stage === 'production')
    }
  },
}
