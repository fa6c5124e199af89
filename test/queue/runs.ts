const { RUNS, SEED } = process.env

/**
 * How often a property is tried, and from where on: always the same, so that a red run is the change's doing. `RUNS` and `SEED` are for
 * whoever hunts for a counterexample.
 */
export const runs = (numRuns: number): { numRuns: number; seed: number } => ({
  numRuns: Number(RUNS ?? numRuns),
  seed: Number(SEED ?? 2026),
})

/** How long a property may take. */
export const PATIENCE = { timeout: RUNS ? 24 * 3_600_000 : 60_000 }
