import { foldCase } from './fold-case.ts'

/** Longest certificate value that a variable stands for, or that a condition compares. Source: AWS IoT Developer Guide, cert-policy-variables. */
const MAX_CERTIFICATE_VALUE_CHARACTERS = 1024

/** Characters that keep a certificate value out of a policy. Source: AWS IoT Developer Guide, cert-policy-variables. */
const UNSAFE_CHARACTER = /[*$+?#]/

/** Whether the value of the condition key comes out of a certificate, which a device's maker and not the registry wrote. */
export function isCertificateDerived(key: string): boolean {
  return foldCase(key).startsWith('iot:certificate.')
}

/** Whether a condition may compare the certificate value: what no variable may stand for is too long to be compared, too. */
export function isComparable(value: string): boolean {
  return value.length <= MAX_CERTIFICATE_VALUE_CHARACTERS
}

/** Whether a certificate value may stand for a variable in an IoT policy; otherwise the variable counts as unset. */
export function isSubstitutable(value: string): boolean {
  return isComparable(value) && !UNSAFE_CHARACTER.test(value)
}
