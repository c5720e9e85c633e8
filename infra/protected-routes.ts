import { protectedRoute } from './authorizer.ts'
import { whoami } from './whoami.ts'

/*
 * The routes behind the authorizer: the one place for routes of your own. Write a function in a file beside this one, as `infra/whoami.ts` is, with a
 * role of its own, and add a line here. It is then on the device domain, asks for a certificate, and is closed to every device until
 *
 *   - the tenant's `apiArnPatterns` have `arn:aws:execute-api:<region>:<account>:<api id>/$default/<METHOD>/<path>`, and
 *   - an IoT policy of the device allows `execute-api:Invoke` on it.
 *
 * Every route of the API that is not in this list belongs to the credentials function: the tests refuse any other. They also list all functions and
 * roles of a deployment (tests/infra/properties-grants.ts and beside it): add yours, with what it may do.
 */
protectedRoute('GET /whoami', whoami)
