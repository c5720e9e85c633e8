import type { Credentials } from '@thingpass/core/credentials'
import type { Fault } from '@thingpass/core/fault'
import type { RefusalReason } from '@thingpass/core/refusal'

/** A failure of the service. */
export type Failure = { readonly kind: 'failed'; readonly fault: Fault }

/** How one exchange ended. */
export type Outcome =
  | { readonly kind: 'issued'; readonly credentials: Credentials }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  | Failure
