import { API_GATEWAY } from '../front-door/api-gateway-v2.ts'
import { createCredentialsHandler } from './credentials.ts'
import { createCredentialsPorts } from './credentials-ports.ts'
import { readEnvironment } from './environment.ts'

/** The Lambda function behind `GET /role-aliases/{roleAlias}/credentials` of the HTTP API. */
export const handler = createCredentialsHandler(
  createCredentialsPorts(readEnvironment(process.env), process),
  API_GATEWAY,
)
