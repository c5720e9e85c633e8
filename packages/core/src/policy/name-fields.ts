/**
 * X.520 attribute type (OID) → its name in AWS IoT's certificate variables. Other attributes have no variable.
 * Source: AWS IoT Developer Guide, cert-policy-variables; ITU-T X.520 (OIDs).
 */
export const NAME_FIELDS: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CommonName'],
  ['2.5.4.4', 'Surname'],
  ['2.5.4.5', 'SerialNumber'],
  ['2.5.4.6', 'Country'],
  ['2.5.4.8', 'State'],
  ['2.5.4.10', 'Organization'],
  ['2.5.4.11', 'OrganizationalUnit'],
  ['2.5.4.12', 'Title'],
  ['2.5.4.42', 'GivenName'],
  ['2.5.4.43', 'Initials'],
  ['2.5.4.44', 'GenerationQualifier'],
  ['2.5.4.46', 'DistinguishedNameQualifier'],
  ['2.5.4.65', 'Pseudonym'],
])
