/** Why bytes are no revocation list that can be relied on. */
export type RevocationListProblem =
  /** Not the DER of a CertificateList, or not in a PEM block; what is malformed anywhere ends here too. */
  | 'not-a-crl'
  /** A PEM block labelled `CRL`, as some libraries write it; the label is `X509 CRL`. Source: RFC 7468 §6. */
  | 'pem-label-crl'
  /** More than 8 MiB, or 12 Mi characters of PEM. */
  | 'too-large'
  /** More than 200,000 entries. */
  | 'too-many-entries'
  /** Another version than 2, the only one with a number. */
  | 'version'
  /** Signed with an algorithm that certificates may not be signed with either. */
  | 'signature-algorithm'
  /** The algorithm that is signed is not the one that is said outside. */
  | 'signature-algorithms-differ'
  | 'no-next-update'
  /** It ends before, or as, it begins. */
  | 'next-update-not-later'
  | 'no-number'
  /** Negative, or above 20 octets. */
  | 'number'
  /** Changes to another list. */
  | 'delta'
  /** Speaks of certificates of several issuers. */
  | 'indirect'
  /** Leaves out some reasons, or all certificates of devices. */
  | 'partial'
  /** Names its distribution point: it may be one of several parts. */
  | 'distribution-point'
  /** In the list or in an entry. */
  | 'unknown-critical-extension'
  /** Takes a certificate off a list that is not here. */
  | 'remove-from-crl'
  | 'duplicate-serial'
