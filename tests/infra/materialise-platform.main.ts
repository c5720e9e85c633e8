import { materialisePlatform } from './materialise-platform.ts'

/** Unpacks SST's types, for the compiler and for editors. */
await materialisePlatform()
