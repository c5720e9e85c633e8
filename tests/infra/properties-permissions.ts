import { expect } from 'vitest'
import type { ProgramState } from './program-state.ts'
import type { Properties } from './properties.ts'
import { hasLoadBalancer, ofType, only, type PolicyStatement, statementsOf } from './statements.ts'

const ROLE = 'aws:iam/role:Role'
const FUNCTION = 'aws:lambda/function:Function'

const allStatements = (state: ProgramState): readonly PolicyStatement[] =>
  ofType(state, ROLE).flatMap(statementsOf)

/** What holds of roles, and of who may invoke what. */
export const PERMISSION_PROPERTIES: Properties = {
  'only Lambda assumes the roles of functions, and only the scheduler, for this account, its own': (
    state,
  ) => {
    const trust = ofType(state, ROLE).map(({ name, inputs }) => [
      name,
      JSON.parse(inputs.assumeRolePolicy).Statement,
    ])
    const by = (Service: string) => [
      { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' },
    ]
    expect(Object.fromEntries(trust)).toEqual({
      AuthorizerRole: by('lambda.amazonaws.com'),
      ControlRole: by('lambda.amazonaws.com'),
      CredentialsRole: by('lambda.amazonaws.com'),
      ...(hasLoadBalancer(state) && {
        CredentialsLoadBalancerRole: by('lambda.amazonaws.com'),
      }),
      TruststoreRole: by('lambda.amazonaws.com'),
      TruststoreScheduleRole: [
        {
          ...by('scheduler.amazonaws.com')[0],
          Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
        },
      ],
      WhoamiRole: by('lambda.amazonaws.com'),
    })
  },
  'each function has a role of its own, and no policy beside the one written out': (state) => {
    const roles = ofType(state, FUNCTION).map(({ inputs }) => inputs.role)
    expect(roles).toHaveLength(hasLoadBalancer(state) ? 6 : 5)
    expect(new Set(roles).size).toBe(roles.length)
    for (const { inputs } of ofType(state, ROLE)) {
      expect(inputs.managedPolicyArns ?? []).toEqual([])
      expect(inputs.inlinePolicies).toHaveLength(1)
    }
    expect(ofType(state, 'aws:iam/rolePolicyAttachment:RolePolicyAttachment')).toEqual([])
    expect(ofType(state, 'aws:iam/rolePolicy:RolePolicy')).toEqual([])
  },
  'no statement allows every action of a service, or is for every resource': (state) => {
    for (const { Effect, Action, Resource } of allStatements(state)) {
      expect(Effect).toBe('Allow')
      for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/)
      for (const resource of Resource)
        expect(resource).toMatch(/^arn:aws:(?:[^:*]+:){1,2}[^*]*[^*:/]/)
    }
  },
  'only the front doors invoke functions, each its own, and no function has a URL (T02)': (
    state,
  ) => {
    const permissions = ofType(state, 'aws:lambda/permission:Permission').map(({ inputs }) => {
      const { action, principal, sourceArn, function: target } = inputs
      expect(action).toBe('lambda:InvokeFunction')
      const source = String(sourceArn).replace(
        /^arn:aws:([a-z-]+):eu-central-1:123456789012:/,
        '$1 ',
      )
      return `${principal}: ${source} invokes ${target.replace(/^(?:.*:)?thingpass-[a-z]+-/, '')}`
    })
    const api = 'apigateway.amazonaws.com: execute-api'
    const { name } = only(state, 'aws:apigatewayv2/authorizer:Authorizer')
    expect([...new Set(permissions)].toSorted()).toEqual([
      `${api} ControlApiApi-id/* invokes control`,
      `${api} DeviceApiApi-id/* invokes credentials`,
      `${api} DeviceApiApi-id/* invokes whoami`,
      `${api} DeviceApiApi-id/authorizers/${name}-id invokes authorizer`,
      ...(hasLoadBalancer(state)
        ? [
            `elasticloadbalancing.amazonaws.com: elasticloadbalancing targetgroup/thingpass-${state.app.stage}-lb/1 invokes credentials-load-balancer`,
          ]
        : []),
    ])
    expect(ofType(state, 'aws:lambda/functionUrl:FunctionUrl')).toEqual([])
  },
  'a function knows its settings, and nothing is linked to it': (state) => {
    for (const { name, inputs } of ofType(state, FUNCTION)) {
      const linked = Object.keys(inputs.environment.variables).filter(
        (key) => !/^(?:THINGPASS_|SST_KEY$|SST_KEY_FILE$|SST_RESOURCE_App$)/.test(key),
      )
      expect(linked, name).toEqual([])
    }
  },
}
