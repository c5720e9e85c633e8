import { parseJson } from '@thingpass/core/policy/json'

/** How a policy of AWS IoT works otherwise here, in words for its owner; empty where it does not. */
export function policyLimits(document: string): readonly string[] {
  const notes: string[] = []
  // Variables are named in any letter case.
  if (/iot:clientid/i.test(document)) {
    notes.push(
      'names iot:ClientId, which only MQTT sets: an Allow that needs it matches nothing here, a Deny that needs it denies nothing',
    )
  }
  if (!actionsOf(document).some(countsHere)) {
    notes.push('names no action that counts here (iot:AssumeRoleWithCertificate, execute-api)')
  }
  return notes
}

/** Whether a document has a statement that denies; also where it cannot be told. */
export function mayDeny(document: string): boolean {
  return !parseJson(document).ok || statementsOf(document).some(({ Effect }) => Effect !== 'Allow')
}

/** The actions that are decided on here, in lower case. */
const ASSUME = 'iot:assumerolewithcertificate'
const API = 'execute-api:'

/** Whether the pattern may match such an action: as far as its first wildcard goes. */
function countsHere(pattern: string): boolean {
  const action = pattern.toLowerCase()
  const [start = ''] = action.split(/[*?]/)
  if (start.startsWith(API)) return true
  return start === action ? action === ASSUME : ASSUME.startsWith(start) || API.startsWith(start)
}

/** `NotAction` names what is left out, so it counts as everything. */
function actionsOf(document: string): readonly string[] {
  return statementsOf(document).flatMap(({ Action, NotAction }) =>
    NotAction === undefined ? [Action].flat().filter((each) => typeof each === 'string') : ['*'],
  )
}

type Statement = {
  readonly Effect?: unknown
  readonly Action?: unknown
  readonly NotAction?: unknown
}

function statementsOf(document: string): readonly Statement[] {
  if (!parseJson(document).ok) return []
  const parsed: unknown = JSON.parse(document)
  const isObject = typeof parsed === 'object' && parsed !== null
  const statements: unknown = isObject ? Reflect.get(parsed, 'Statement') : undefined
  return [statements].flat().filter((each) => typeof each === 'object' && each !== null)
}
