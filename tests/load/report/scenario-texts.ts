import type { ScenarioName } from '../scenarios/scenario.ts'

/** What each scenario is about, in a line for whoever opens the report. */
export const SCENARIO_TEXTS: Readonly<
  Record<ScenarioName, { readonly title: string; readonly about: string }>
> = {
  boot: {
    title: 'Boot',
    about:
      'Devices that have just been switched on: every connection is new, every handshake a full one with certificate and key, and ends with the answer.',
  },
  steady: {
    title: 'Steady',
    about:
      'Devices that refresh their credentials: half of them keep their connection open, the others connect anew and resume their TLS session. The first contact of each is a full handshake.',
  },
  storm: {
    title: 'Storm after an outage',
    about:
      'All devices come within a second and find no gateway. They try again after random pauses that double, and when it is back, as soon as Retry-After allows.',
  },
  'noisy-tenant': {
    title: 'Noisy tenant',
    about:
      'Three of four requests are of a tenant far over its budget, the others of one without: the first is held to its budget, the second must not notice.',
  },
  'bad-devices': {
    title: 'Bad devices',
    about:
      'Three in ten requests have to be refused: certificates that are revoked, unknown, without a policy or expired, and devices that name the thing of another.',
  },
}
