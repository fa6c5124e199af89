export type RuntimeId = 'node20' | 'node22' | 'node24' | 'node26' | 'bun' | 'deno' | 'workerd'

export interface Runtime {
  readonly title: string
  readonly version: string
  /** False where npm has no binary of it for this platform. */
  readonly isPublished: boolean
}

/** Each in the one version that is tested. */
export declare const runtimes: Readonly<Record<RuntimeId, Runtime>>

/** Only looks, fetches nothing. A runtime that is not there has no key. */
export declare const findRuntimes: () => Readonly<Partial<Record<RuntimeId, string>>>
