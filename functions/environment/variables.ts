import { Fault } from '@thingpass/core/fault'

/** Environment variables as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Gives what a parser makes of a variable. */
export type ReadVariable = <Value>(
  name: string,
  parse: (text: string | undefined) => Value | undefined,
) => Value

/**
 * Makes the reader of a function's variables.
 * @throws {Fault} CONFIGURATION_INVALID, by the reader, where the parser gives nothing
 */
export function variablesOf(environment: Environment): ReadVariable {
  return (name, parse) => {
    const value = parse(environment[name])
    if (value !== undefined) return value
    throw new Fault(
      'CONFIGURATION_INVALID',
      `the environment variable ${name} is missing or invalid`,
    )
  }
}

/** A parser of text that has a pattern. */
export function matching(pattern: RegExp) {
  return (text: string | undefined) => (text !== undefined && pattern.test(text) ? text : undefined)
}

/** A table of DynamoDB. Source: DynamoDB API, CreateTable (TableName). */
export const TABLE_NAME = /^[\w.-]{3,255}$/

/** With a stage's name as SST allows it. Source: sst 4.17.1, pkg/project (stage), and CloudWatch API, PutMetricData (Namespace). */
export const METRIC_NAMESPACE = /^Thingpass\/[a-zA-Z0-9-]{1,128}$/

/** `aws` where nothing is said. */
export const parsePartition = (text: string | undefined): string | undefined =>
  matching(/^aws[a-z-]*$/)(text ?? 'aws')
