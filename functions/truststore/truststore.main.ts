import { randomUUID } from 'node:crypto'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { createDeviceDomain } from '@thingpass/aws/truststore/device-domain'
import { createTruststoreBucket } from '@thingpass/aws/truststore/truststore-bucket'
import {
  createApiGatewayClient,
  createS3Client,
} from '@thingpass/aws/truststore/truststore-clients'
import { writeLine } from '../credentials/log-line.ts'
import { readEnvironment } from './environment.ts'
import { createReadTruststoreCas } from './read-truststore-cas.ts'
import { createTruststoreHandler } from './truststore.ts'

const { region, tableName, domainName, metricNamespace, ...place } = readEnvironment(process.env)
const clock = () => new Date()

/** The Lambda function that a schedule runs every minute. Its role can read the registry, and change nothing in it. */
export const handler = createTruststoreHandler({
  readCas: createReadTruststoreCas(
    createRegistryWrites({
      client: createDynamoClient({ region }),
      tableName,
      clock,
      newId: randomUUID,
      actor: 'truststore-publisher',
    }),
  ),
  bucket: createTruststoreBucket({ client: createS3Client({ region }), ...place }),
  domain: createDeviceDomain({ client: createApiGatewayClient({ region }), domainName }),
  clock,
  metricNamespace,
  writeLine: (line) => writeLine(process.stdout, line),
  reportFault: ({ code, message }) => {
    process.stderr.write(`${JSON.stringify({ fault: code, message })}\n`)
  },
})
