import type { Mistakes } from './mutations.ts'

/** Mistakes about the routes of the device API, and about who is asked before them. */
export const AUTHORIZER_MISTAKES: Mistakes = {
  'unknown paths are left to API Gateway': {
    file: 'infra/device-api.ts',
    from: "deviceApi.route('$default', target)",
    to: '',
    breaks: 'every path and method reaches the credentials function',
  },
  'requests go past the warm instances': {
    file: 'infra/device-api.ts',
    from: 'credentials.nodes.function.qualifiedArn as',
    to: 'credentials.nodes.function.arn as',
    breaks: 'every path and method reaches the credentials function',
  },
  'protected routes ask nobody': {
    file: 'infra/authorizer.ts',
    from: '{ auth: { lambda: guard.id } }',
    to: '{}',
    breaks: 'every other route asks the authorizer',
  },
  'protected routes ask for an IAM signature instead': {
    file: 'infra/authorizer.ts',
    from: '{ auth: { lambda: guard.id } }',
    to: '{ auth: { iam: true } }',
    breaks: 'every other route asks the authorizer',
  },
  'a route is added past the list': {
    file: 'infra/protected-routes.ts',
    from: "protectedRoute('GET /whoami', whoami)",
    to: "protectedRoute('GET /whoami', whoami)\nconst { deviceApi } = await import('./device-api.ts')\ndeviceApi.route('GET /open', whoami.arn as never)",
    breaks: 'every other route asks the authorizer',
  },
  'another function is behind the protected route': {
    file: 'infra/protected-routes.ts',
    from: "import { whoami } from './whoami.ts'",
    to: "import { credentials as whoami } from './credentials.ts'\nimport './whoami.ts'",
    breaks: 'devices ask who they are at a protected route',
  },
  'the authorizer is known by a header': {
    file: 'infra/authorizer.ts',
    from: 'identitySources: []',
    to: "identitySources: ['$request.header.x-amzn-iot-thingname']",
    breaks: 'no answer of the authorizer is kept',
  },
  'the authorizer is known by what SST would ask for': {
    file: 'infra/authorizer.ts',
    from: 'identitySources: [],',
    to: '',
    breaks: 'no answer of the authorizer is kept',
  },
  'answers of the authorizer are kept': {
    file: 'infra/authorizer.ts',
    from: "ttl: '0 seconds'",
    to: "ttl: '300 seconds'",
    breaks: 'no answer of the authorizer is kept',
  },
  'the authorizer is asked in the older payload': {
    file: 'infra/authorizer.ts',
    from: "payload: '2.0'",
    to: "payload: '1.0'",
    breaks: 'the authorizer is asked and answers in the form',
  },
  'the authorizer is understood as it does not speak': {
    file: 'infra/authorizer.ts',
    from: 'response: format',
    to: "response: 'iam'",
    breaks: 'the authorizer is asked and answers in the form',
  },
  'the authorizer is asked past its warm instances': {
    file: 'infra/authorizer.ts',
    from: 'function: authorizerHandler.targetArn as',
    to: 'function: authorizerHandler.arn as',
    breaks: 'the authorizer is asked and answers in the form',
  },
  'the authorizer answers for another host than the domain': {
    file: 'infra/authorizer.ts',
    from: 'deviceFunctionEnvironment(deviceHostName)',
    to: "deviceFunctionEnvironment('other.example.com')",
    breaks: 'functions that meet devices answer for the device domain alone',
  },
}
