import type { AccountId, Region } from '@thingpass/core/names'

/** Where the fleet lives: its ARNs carry these. */
export type FleetPlace = { readonly account: AccountId; readonly region: Region }

/** A demo thing, with the device that stands for it. */
export type DemoThing = {
  readonly thingName: string
  readonly thingTypeName: string
  readonly attributes: Readonly<Record<string, string>>
  /** Policies attached to the device's certificate. */
  readonly policies: readonly string[]
  readonly groups: readonly string[]
}

/** A role that role aliases name; it exists in `roles.json`. */
export type DemoRole = {
  readonly roleName: string
  readonly policies: readonly object[]
}

/** A demo tenant and all that it owns. */
export type DemoTenant = {
  readonly tenantId: string
  readonly roleArnPatterns: readonly string[]
  readonly apiArnPatterns: readonly string[]
  readonly sessionTagKeys: readonly string[]
  readonly certificatesWithoutCa: boolean
  readonly thingTypes: readonly string[]
  /** Group name → policies attached to it. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  /** Policy name → document. */
  readonly policies: Readonly<Record<string, object>>
  /** Role alias → role name and seconds. */
  readonly roleAliases: Readonly<
    Record<string, { readonly roleName: string; readonly durationSeconds: number }>
  >
  readonly roles: readonly DemoRole[]
  readonly things: readonly DemoThing[]
}

/** The thing whose certificate the welcome text and the demo use, and the alias that it may use. */
export const SHOWN_DEVICE = { thingName: 'camera-1', roleAlias: 'demo-camera' } as const

const HOUR_SECONDS = 3600
const QUARTER_SECONDS = 900

/** For IoT to fill in, not for JavaScript. */
const ALIAS_OF_THE_TYPE = `demo-\${iot:Connection.Thing.ThingTypeName}`

/** Each device's own readings, of the API in `examples/protected-api`. */
const OWN_READINGS = `/readings/\${iot:Connection.Thing.ThingName}`

/**
 * The demo fleet: `default`, which is open to every role of the account, and `acme`, which is not. The same aliases lead to
 * different roles in each. Cameras are allowed their alias by name, gateways by a variable (the type of the thing), and whoever
 * is in the group `on-site` may use the maintenance alias. Nobody may use `demo-admin`. Everybody may ask `/whoami` of the local API, and
 * cameras keep readings there; `acme` was given `/whoami` alone, so that its cameras' policy opens no more.
 */
export function demoFleet(place: FleetPlace): readonly DemoTenant[] {
  return [openTenant(place), acmeTenant(place)]
}

function openTenant(place: FleetPlace): DemoTenant {
  const { account, region } = place
  return {
    tenantId: 'default',
    roleArnPatterns: [`arn:aws:iam::${account}:role/*`],
    apiArnPatterns: [`arn:aws:execute-api:${region}:${account}:*`],
    sessionTagKeys: ['site'],
    certificatesWithoutCa: true,
    thingTypes: ['camera', 'gateway'],
    groups: { 'on-site': ['maintenance'] },
    policies: {
      'camera-credentials': allowAlias(place, 'demo-camera'),
      'credentials-by-type': allowAlias(place, ALIAS_OF_THE_TYPE),
      maintenance: allowAlias(place, 'demo-maintenance'),
      whoami: allowRoutes(place, 'GET/whoami'),
      'own-readings': allowRoutes(place, `GET${OWN_READINGS}`, `PUT${OWN_READINGS}`),
    },
    roleAliases: {
      'demo-camera': { roleName: 'thingpass-demo-camera', durationSeconds: HOUR_SECONDS },
      'demo-gateway': { roleName: 'thingpass-demo-gateway', durationSeconds: HOUR_SECONDS },
      'demo-maintenance': {
        roleName: 'thingpass-demo-maintenance',
        durationSeconds: QUARTER_SECONDS,
      },
      'demo-admin': { roleName: 'thingpass-demo-admin', durationSeconds: HOUR_SECONDS },
    },
    roles: [
      { roleName: 'thingpass-demo-camera', policies: [allow('s3:PutObject', mediaOf('default'))] },
      { roleName: 'thingpass-demo-gateway', policies: [allow('sqs:SendMessage', queueOf(place))] },
      {
        roleName: 'thingpass-demo-maintenance',
        policies: [allow('s3:GetObject', mediaOf('default'))],
      },
      { roleName: 'thingpass-demo-admin', policies: [allow('s3:*', '*')] },
    ],
    things: [
      camera('camera-1', { site: 'berlin', lens: 'wide' }, ['on-site']),
      camera('camera-2', { site: 'lyon', lens: 'tele' }, []),
      gateway('gateway-1', { site: 'berlin', floor: '3' }, ['on-site']),
      gateway('gateway-2', { site: 'lyon', floor: '1' }, []),
    ],
  }
}

function acmeTenant(place: FleetPlace): DemoTenant {
  return {
    tenantId: 'acme',
    roleArnPatterns: [`arn:aws:iam::${place.account}:role/thingpass-demo-acme-*`],
    apiArnPatterns: [routeArn(place, 'GET/whoami')],
    sessionTagKeys: [],
    certificatesWithoutCa: false,
    thingTypes: ['camera', 'gateway'],
    groups: {},
    policies: {
      'camera-credentials': allowAlias(place, 'demo-camera'),
      'credentials-by-type': allowAlias(place, ALIAS_OF_THE_TYPE),
      whoami: allowRoutes(place, 'GET/whoami'),
      'own-readings': allowRoutes(place, `GET${OWN_READINGS}`, `PUT${OWN_READINGS}`),
    },
    roleAliases: {
      'demo-camera': { roleName: 'thingpass-demo-acme-camera', durationSeconds: HOUR_SECONDS },
      'demo-gateway': { roleName: 'thingpass-demo-acme-gateway', durationSeconds: HOUR_SECONDS },
    },
    roles: [
      {
        roleName: 'thingpass-demo-acme-camera',
        policies: [allow('s3:PutObject', mediaOf('acme'))],
      },
      {
        roleName: 'thingpass-demo-acme-gateway',
        policies: [allow('sqs:SendMessage', queueOf(place))],
      },
    ],
    things: [
      camera('acme-camera-1', { site: 'oslo', lens: 'wide' }, []),
      gateway('acme-gateway-1', { site: 'oslo', floor: '2' }, []),
    ],
  }
}

function camera(
  thingName: string,
  attributes: Readonly<Record<string, string>>,
  groups: readonly string[],
): DemoThing {
  return {
    thingName,
    thingTypeName: 'camera',
    attributes,
    policies: ['camera-credentials', 'whoami', 'own-readings'],
    groups,
  }
}

function gateway(
  thingName: string,
  attributes: Readonly<Record<string, string>>,
  groups: readonly string[],
): DemoThing {
  return {
    thingName,
    thingTypeName: 'gateway',
    attributes,
    policies: ['credentials-by-type', 'whoami'],
    groups,
  }
}

function allow(action: string, resource: string | readonly string[]): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
  }
}

function allowAlias({ account, region }: FleetPlace, alias: string): object {
  return allow(
    'iot:AssumeRoleWithCertificate',
    `arn:aws:iot:${region}:${account}:rolealias/${alias}`,
  )
}

function allowRoutes(place: FleetPlace, ...routes: readonly string[]): object {
  return allow(
    'execute-api:Invoke',
    routes.map((route) => routeArn(place, route)),
  )
}

/** A route of the local API, in whatever stage: which one depends on how the authorizer is asked. */
function routeArn({ account, region }: FleetPlace, route: string): string {
  return `arn:aws:execute-api:${region}:${account}:local/*/${route}`
}

function mediaOf(tenantId: string): string {
  return `arn:aws:s3:::thingpass-demo-media/${tenantId}/*`
}

function queueOf({ account, region }: FleetPlace): string {
  return `arn:aws:sqs:${region}:${account}:thingpass-demo-readings`
}
