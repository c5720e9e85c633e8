/** One way to attack, what stands against it, and how far that goes. */
export type Threat = {
  /** `T01` to `T40`: never given to another threat. */
  readonly id: string
  /** STRIDE: spoofing, tampering, repudiation, information disclosure, denial of service, elevation of privilege. */
  readonly stride: 'S' | 'T' | 'R' | 'I' | 'D' | 'E' | 'R/T'
  readonly attack: string
  readonly defence: string
  /** Where the defence is, from the root. */
  readonly files: readonly string[]
  readonly state:
    | { readonly kind: 'applies' }
    /** What it threatens is not built yet, or its defence is not. */
    | { readonly kind: 'open'; readonly reason: string }
    | { readonly kind: 'not-applicable'; readonly reason: string }
}
