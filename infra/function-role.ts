/*
 * In the account: a role for each function, each named in the function's own file.
 * May: Lambda alone assumes it. Its one policy is what the function's file says, and writing to the function's own log group.
 * Which service may invoke a function is said where that service is. People of the account whom IAM lets invoke functions can hand them any event, and so pass
 * for any device or operator: let nobody.
 */

import { accountId, partition, region } from './account.ts'
import { nameOf } from './names.ts'

/** One statement that allows. `Resource` is never `*`. */
export type Statement = {
  readonly Sid: string
  readonly Action: readonly string[]
  readonly Resource: $util.Input<string> | readonly $util.Input<string>[]
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >
}

/** The ARN of the role that `functionRole` makes; for policies that must not wait for it, or would wait for each other. */
export const functionRoleArn = (what: string) =>
  $interpolate`arn:${partition}:iam::${accountId}:role/${nameOf(what)}`

/**
 * Makes the role of one function: only Lambda may assume it, and it may do what its statements say and write to the function's
 * own log group, nothing else.
 */
export function functionRole(what: string, statements: readonly Statement[]): aws.iam.Role {
  const name = nameOf(what)
  const own = $interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:/aws/lambda/${name}:*`
  const logs: Statement = {
    Sid: 'WriteOwnLog',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: own,
  }
  return new aws.iam.Role(`${pascal(what)}Role`, {
    name,
    assumeRolePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    }),
    inlinePolicies: [
      {
        name: 'least-privilege',
        policy: $jsonStringify({
          Version: '2012-10-17',
          Statement: [...statements, logs].map((statement) => ({ Effect: 'Allow', ...statement })),
        }),
      },
    ],
  })
}

const pascal = (what: string): string =>
  what.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase())
