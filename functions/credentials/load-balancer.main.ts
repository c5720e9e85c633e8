import { LOAD_BALANCER } from '../front-door/application-load-balancer.ts'
import { createCredentialsHandler } from './credentials.ts'
import { createCredentialsPorts } from './credentials-ports.ts'
import { readEnvironment } from './environment.ts'

/**
 * The Lambda function behind an Application Load Balancer in mutual-TLS passthrough mode. It takes identity from a header, so nothing
 * but the load balancer's target group may be allowed to invoke it.
 */
export const handler = createCredentialsHandler(
  createCredentialsPorts(readEnvironment(process.env), process),
  LOAD_BALANCER,
)
