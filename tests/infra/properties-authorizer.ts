import { expect } from 'vitest'
import type { ProgramState, Resource } from './program-state.ts'
import type { Properties } from './properties.ts'
import { ofType, only } from './statements.ts'

const ROUTE = 'aws:apigatewayv2/route:Route'
const AUTHORIZER = 'aws:apigatewayv2/authorizer:Authorizer'

/** Routes that a device reaches without being let in first: its certificate is looked at by the function itself. */
const OPEN_ROUTES = ['$default', 'GET /role-aliases/{roleAlias}/credentials']

const protectedRoutes = (state: ProgramState): readonly Resource[] =>
  ofType(state, ROUTE).filter(({ inputs }) => !OPEN_ROUTES.includes(inputs.routeKey))

/** The function behind a route, by the end of its ARN. */
function behind(state: ProgramState, { inputs }: Resource): string {
  const integration = only(
    state,
    'aws:apigatewayv2/integration:Integration',
    inputs.target.replace(/^integrations\/(.*)-id$/, '$1'),
  )
  expect(integration.inputs.payloadFormatVersion).toBe('2.0')
  return integration.inputs.integrationUri.replace(/^.*:function:thingpass-[a-z]+-/, '')
}

/** What holds of the routes of the device API, and of who is asked before them. */
export const AUTHORIZER_PROPERTIES: Properties = {
  'every path and method reaches the credentials function, by the version that instances are kept for':
    (state) => {
      const open = ofType(state, ROUTE).filter(({ inputs }) =>
        OPEN_ROUTES.includes(inputs.routeKey),
      )
      expect(open.map(({ inputs }) => inputs.routeKey).toSorted()).toEqual(OPEN_ROUTES)
      for (const route of open) expect(behind(state, route)).toBe('credentials:1')
    },
  'every other route asks the authorizer first (T02)': (state) => {
    const { name } = only(state, AUTHORIZER)
    const routes = protectedRoutes(state)
    expect(routes.length).toBeGreaterThan(0)
    for (const { inputs } of routes) {
      expect(inputs).toMatchObject({ authorizationType: 'CUSTOM', authorizerId: `${name}-id` })
    }
  },
  'devices ask who they are at a protected route': (state) => {
    const routes = protectedRoutes(state).map((route) => [
      route.inputs.routeKey,
      behind(state, route),
    ])
    expect(routes).toContainEqual(['GET /whoami', 'whoami'])
  },
  'no answer of the authorizer is kept, and nothing but the certificate is asked for': (state) => {
    const { inputs } = only(state, AUTHORIZER)
    expect(inputs).toMatchObject({
      authorizerType: 'REQUEST',
      identitySources: [],
      authorizerResultTtlInSeconds: 0,
    })
  },
  'the authorizer is asked and answers in the form that its function is set to': (state) => {
    const { inputs } = only(state, AUTHORIZER)
    const { environment } = only(state, 'aws:lambda/function:Function', 'AuthorizerFunction').inputs
    expect(inputs).toMatchObject({
      authorizerPayloadFormatVersion: '2.0',
      enableSimpleResponses: true,
    })
    expect(environment.variables.THINGPASS_AUTHORIZER_FORMAT).toBe('http-simple')
    expect(inputs.authorizerUri).toMatch(
      /:function:thingpass-[a-z]+-authorizer:1\/invocations$/, // the version that instances are kept for
    )
  },
  'functions that meet devices answer for the device domain alone': (state) => {
    const { domainName } = only(state, 'aws:apigatewayv2/domainName:DomainName').inputs
    for (const name of ['CredentialsFunction', 'AuthorizerFunction', 'WhoamiFunction']) {
      const { environment } = only(state, 'aws:lambda/function:Function', name).inputs
      expect(environment.variables.THINGPASS_HOST_NAMES, name).toBe(domainName)
    }
  },
}
