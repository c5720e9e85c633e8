import { createLoadBalancerDoor } from '../front-door/application-load-balancer.ts'
import { createCredentialsHandler } from './credentials.ts'
import { createCredentialsPorts } from './credentials-ports.ts'
import { readEnvironment } from './environment.ts'
import { leanServices } from './lean-services.ts'
import { readLoadBalancerEnvironment } from './load-balancer-environment.ts'

const environment = readEnvironment(process.env)
const door = createLoadBalancerDoor(readLoadBalancerEnvironment(process.env))
const services = leanServices(environment.settings.deployment.region, process.env)

/**
 * The Lambda function behind an Application Load Balancer in mutual-TLS passthrough mode. It takes identity from a header, so nothing
 * but the load balancer's target group may be allowed to invoke it.
 */
export const handler = createCredentialsHandler(
  createCredentialsPorts(environment, services, process),
  door,
)
