import { API_GATEWAY } from '../front-door/api-gateway-v2.ts'
import { createCredentialsHandler } from './credentials.ts'
import { createCredentialsPorts } from './credentials-ports.ts'
import { readEnvironment } from './environment.ts'
import { sdkServices } from './sdk-services.ts'

const environment = readEnvironment(process.env)
const services = sdkServices(environment.settings.deployment.region)

/** The same function as `credentials.main.ts`, through AWS's SDK: for where AWS must be called in ways that only the SDK knows. */
export const handler = createCredentialsHandler(
  createCredentialsPorts(environment, services, process),
  API_GATEWAY,
)
