import { API_GATEWAY } from '../front-door/api-gateway-v2.ts'
import { createCredentialsHandler } from './credentials.ts'
import { createCredentialsPorts } from './credentials-ports.ts'
import { readEnvironment } from './environment.ts'
import { leanServices } from './lean-services.ts'

const environment = readEnvironment(process.env)
const services = leanServices(environment.settings.deployment.region, process.env)

/** The Lambda function behind `GET /role-aliases/{roleAlias}/credentials` of the HTTP API. */
export const handler = createCredentialsHandler(
  createCredentialsPorts(environment, services, process),
  API_GATEWAY,
)
