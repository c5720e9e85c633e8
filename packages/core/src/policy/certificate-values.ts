import { foldCase } from './fold-case.ts'

/** Longest certificate value that a variable stands for. Source: AWS IoT Developer Guide, cert-policy-variables. */
const MAX_CERTIFICATE_VALUE_CHARACTERS = 1024

/** Characters that keep a certificate value out of a policy. Source: AWS IoT Developer Guide, cert-policy-variables. */
const UNSAFE_CHARACTER = /[*$+?#]/

/** Whether the value of the condition key comes out of a certificate, which a device's maker and not the registry wrote. */
export function isCertificateDerived(key: string): boolean {
  return foldCase(key).startsWith('iot:certificate.')
}

/** Whether a certificate value may stand for a variable in an IoT policy; otherwise the variable counts as unset. */
export function isSubstitutable(value: string): boolean {
  return value.length <= MAX_CERTIFICATE_VALUE_CHARACTERS && !UNSAFE_CHARACTER.test(value)
}
