import type { CallControl } from '../control-client/control-client.ts'
import { answerOf } from './control-source.ts'
import type { CopyCa } from './write-cas.ts'
import type { Profiles } from './write-role-aliases.ts'

/** Session settings of role aliases, over the control plane's own route. */
export function controlProfiles(callControl: CallControl): Profiles {
  const pathOf = (roleAlias: string) =>
    `/thingpass/role-aliases/${encodeURIComponent(roleAlias)}/session-profile`
  return {
    read: async (roleAlias) => answerOf(callControl({ method: 'GET', path: pathOf(roleAlias) })),
    write: async (roleAlias, profile) => {
      await answerOf(callControl({ method: 'PUT', path: pathOf(roleAlias), body: profile }))
    },
  }
}

/** Copies CA certificates over the administrator's route, which asks for no proof of possession. */
export function controlCopyCa(callAdministration: CallControl, tenantId: string): CopyCa {
  return async ({ pem, status, mode, autoRegistration }) => {
    const active = `setAsActive=${status === 'ACTIVE'}`
    const call = callAdministration({
      method: 'POST',
      path: `/thingpass/tenants/${tenantId}/cacertificate`,
      query: `allowAutoRegistration=${autoRegistration}&${active}`,
      body: { caCertificate: pem, certificateMode: mode },
    })
    await answerOf(call)
  }
}
