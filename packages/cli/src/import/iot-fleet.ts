import type { FleetReader } from './fleet-reader.ts'
import type { IotSource } from './iot-source.ts'
import { readCas, readCertificates } from './read-certificates.ts'
import { readPolicies, readPolicyAttachments } from './read-policies.ts'
import { type ReadProfile, readRoleAliases } from './read-role-aliases.ts'
import { readGroupMembers, readThingGroups } from './read-thing-groups.ts'
import { readThingPrincipals, readThings, readThingTypes } from './read-things.ts'

/** Reads a fleet through AWS IoT's API: an account of AWS, or a tenant here. Nothing is read before it is asked for. */
export function createIotFleet(source: IotSource, readProfile?: ReadProfile): FleetReader {
  return {
    'thing-types': readThingTypes(source),
    'thing-groups': readThingGroups(source),
    things: readThings(source),
    'thing-group-members': readGroupMembers(source),
    cas: readCas(source),
    certificates: readCertificates(source),
    policies: readPolicies(source),
    'role-aliases': readRoleAliases(source, readProfile),
    'policy-attachments': readPolicyAttachments(source),
    'thing-principals': readThingPrincipals(source),
  }
}
