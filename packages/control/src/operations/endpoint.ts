import { refuse, succeed } from '../api-error.ts'
import { query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { text } from '../shape.ts'

const describeEndpoint = defineOperation({
  name: 'DescribeEndpoint',
  method: 'GET',
  path: '/endpoint',
  input: { endpointType: query(text({ longest: 128 })) },
  errors: [],
  run: async ({ endpointType }, { ports }) => {
    if (endpointType === 'iot:CredentialProvider') {
      return succeed({ endpointAddress: ports.settings.credentialsEndpoint })
    }
    // A broker's endpoint is what AWS gives without a type; a client must not be sent here for one.
    const message = 'Only the endpoint type iot:CredentialProvider is served here'
    return refuse('InvalidRequestException', message)
  },
})

/** Where devices connect to. */
export const ENDPOINT_OPERATIONS = [describeEndpoint]
