import { API_GATEWAY } from '../front-door/api-gateway-v2.ts'
import { createCredentialsHandler } from './credentials.ts'
import { createCredentialsPorts } from './credentials-ports.ts'
import { readEnvironment } from './environment.ts'
import { leanServices } from './lean-services.ts'

const environment = readEnvironment(process.env)
const services = leanServices(environment.settings.deployment.region, process.env)

/** The same function as `credentials.main.ts`, without AWS's SDK. */
export const handler = createCredentialsHandler(
  createCredentialsPorts(environment, services, process),
  API_GATEWAY,
)
