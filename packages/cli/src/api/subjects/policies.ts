import type { ApiSubject } from '../api-command.ts'
import { constant, fileText } from '../option-readers.ts'
import { reference } from '../resource-reference.ts'

const POLICY = { name: 'policy', member: 'policyName' } as const
const VERSION = { name: 'version', member: 'policyVersionId' } as const
const DOCUMENT = {
  flags: '--document <file>',
  about: 'policy document, JSON',
  member: 'policyDocument',
  read: fileText,
  required: true,
} as const
const TARGET = {
  flags: '--target <arn|id>',
  about: 'certificate id, ARN, thinggroup/<name> or rolealias/<name>',
  member: 'target',
  read: reference,
  required: true,
} as const
const ATTACHED = {
  rows: 'policies',
  columns: ['policyName', 'policyArn'],
  paging: 'marker',
} as const

/** IoT policies, and session policies of role aliases. */
export const POLICIES: ApiSubject = {
  name: 'policies',
  about: 'policies of devices and role aliases',
  commands: [
    {
      verb: 'create',
      about: 'create a policy',
      example: 'camera-credentials --document camera.json',
      arguments: [POLICY],
      options: [DOCUMENT],
      call: { operation: 'CreatePolicy' },
    },
    {
      verb: 'describe',
      about: 'show a policy with its default version',
      example: 'camera-credentials',
      arguments: [POLICY],
      call: { operation: 'GetPolicy' },
      saved: 'policyDocument',
    },
    {
      verb: 'delete',
      about: 'delete a policy that is attached to nothing',
      example: 'camera-credentials',
      arguments: [POLICY],
      call: { operation: 'DeletePolicy' },
    },
    {
      verb: 'list',
      about: 'list policies',
      example: '--json',
      call: { operation: 'ListPolicies' },
      shown: ATTACHED,
    },
    {
      verb: 'create-version',
      about: 'add a version to a policy',
      example: 'camera-credentials --document camera.json --default',
      arguments: [POLICY],
      options: [
        DOCUMENT,
        {
          flags: '--default',
          about: 'it counts from now on',
          member: 'setAsDefault',
          read: constant(true),
        },
      ],
      call: { operation: 'CreatePolicyVersion' },
    },
    {
      verb: 'describe-version',
      about: 'show a version of a policy',
      example: 'camera-credentials 2',
      arguments: [POLICY, VERSION],
      call: { operation: 'GetPolicyVersion' },
      saved: 'policyDocument',
    },
    {
      verb: 'set-default-version',
      about: 'let another version count',
      example: 'camera-credentials 1',
      arguments: [POLICY, VERSION],
      call: { operation: 'SetDefaultPolicyVersion' },
    },
    {
      verb: 'delete-version',
      about: 'delete a version that does not count',
      example: 'camera-credentials 1',
      arguments: [POLICY, VERSION],
      call: { operation: 'DeletePolicyVersion' },
    },
    {
      verb: 'versions',
      about: 'list the versions of a policy',
      example: 'camera-credentials',
      arguments: [POLICY],
      call: { operation: 'ListPolicyVersions' },
      shown: { rows: 'policyVersions', columns: ['versionId', 'isDefaultVersion', 'createDate'] },
    },
    {
      verb: 'attach',
      about: 'attach a policy to a certificate, thing group or role alias',
      example: 'camera-credentials --target <certificate-id>',
      arguments: [POLICY],
      options: [TARGET],
      call: { operation: 'AttachPolicy' },
    },
    {
      verb: 'detach',
      about: 'detach a policy',
      example: 'camera-credentials --target thinggroup/berlin',
      arguments: [POLICY],
      options: [TARGET],
      call: { operation: 'DetachPolicy' },
    },
    {
      verb: 'attached',
      about: 'list the policies of a certificate, thing group or role alias',
      example: 'rolealias/demo-camera',
      arguments: [{ name: 'arn|id', member: 'target', read: reference }],
      options: [
        {
          flags: '--recursive',
          about: 'those of parent groups, too',
          member: 'recursive',
          read: constant(true),
        },
      ],
      call: { operation: 'ListAttachedPolicies' },
      shown: ATTACHED,
    },
    {
      verb: 'targets',
      about: 'list what a policy is attached to',
      example: 'camera-credentials',
      arguments: [POLICY],
      call: { operation: 'ListTargetsForPolicy' },
      shown: { rows: 'targets', columns: ['target'], paging: 'marker' },
    },
    {
      verb: 'effective',
      about: 'list the policies that count for a certificate and a thing',
      example: '<certificate-id> --thing camera-1',
      arguments: [{ name: 'arn|id', member: 'principal', read: reference }],
      options: [
        { flags: '--thing <name>', about: 'thing that the device names', member: 'thingName' },
      ],
      call: { operation: 'GetEffectivePolicies' },
      shown: { rows: 'effectivePolicies', columns: ['policyName', 'policyDocument'] },
    },
  ],
}
