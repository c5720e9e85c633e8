import type { Edit } from './mutated-copy.ts'
import { AUTHORIZER_MISTAKES } from './mutations-authorizer.ts'
import { DEVICES_MISTAKES } from './mutations-devices.ts'
import { PERMISSIONS_MISTAKES } from './mutations-permissions.ts'
import { STATE_MISTAKES } from './mutations-state.ts'
import { WATCH_MISTAKES } from './mutations-watch.ts'

/** Where a change is tried: in production by default. */
type Where = { readonly stage?: 'dev' }

/** A mistake in one file of the program, and the property that says so. */
export type Mistake = Edit &
  Where & {
    /** Whose name begins with this. */
    readonly breaks: string
  }

/** Mistakes by what they are. */
export type Mistakes = Readonly<Record<string, Mistake>>

/** Mistakes that somebody could make. Each must break the property it names; the table grows with the program. */
export const MISTAKES: Mistakes = {
  ...DEVICES_MISTAKES,
  ...AUTHORIZER_MISTAKES,
  ...PERMISSIONS_MISTAKES,
  ...STATE_MISTAKES,
  ...WATCH_MISTAKES,
}

/** Changes that the program itself refuses, and what it says. */
export const REFUSED: Readonly<Record<string, Edit & Where & { readonly says: string }>> = {
  'a function with the role that SST makes': {
    file: 'infra/control.ts',
    from: 'role: controlRole.arn,',
    to: '',
    says: 'function Control has no role of its own',
  },
  'a table that is linked to a function': {
    file: 'infra/control.ts',
    from: 'role: controlRole.arn,',
    to: 'role: controlRole.arn,\n  link: [registry],',
    says: 'function Control has link',
  },
  'a function with a URL': {
    file: 'infra/credentials.ts',
    from: 'role: credentialsRole.arn,',
    to: 'role: credentialsRole.arn,\n  url: true,',
    says: 'function Credentials has url',
  },
  'all roles of the account as assumable': {
    file: 'infra/settings.ts',
    from: "assumableRoles: ['/thingpass/']",
    to: "assumableRoles: ['/*']",
    says: 'assumableRoles: /* is neither path nor role ARN',
  },
}
