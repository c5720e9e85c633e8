/**
 * The least that could issue credentials: the two SDK clients, and the calls of the measured function with their inputs ready
 * made. It identifies, verifies, decides and audits nothing. What a credential costs beside this is ours.
 */
import { BatchGetItemCommand, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'

const region = process.env.AWS_REGION ?? ''
const { cold, warm } = JSON.parse(process.env.BENCH_CALLS ?? '{}')
const dynamodb = new DynamoDBClient({ region })
const sts = new STSClient({ region })

const SENDERS: Readonly<Record<string, (input: never) => Promise<unknown>>> = {
  Query: (input) => dynamodb.send(new QueryCommand(input)),
  BatchGetItem: (input) => dynamodb.send(new BatchGetItemCommand(input)),
  AssumeRole: (input) => sts.send(new AssumeRoleCommand(input)),
}

type Call = { readonly operation: string; readonly input: never }

let rounds: readonly (readonly Call[])[] = cold

export const handler = async () => {
  const answers: unknown[] = []
  for (const round of rounds) {
    answers.push(
      ...(await Promise.all(round.map(({ operation, input }) => SENDERS[operation]?.(input)))),
    )
  }
  rounds = warm
  const { Credentials } = answers.at(-1) as { Credentials?: Record<string, unknown> }
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {}
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
      },
    }),
  }
}
