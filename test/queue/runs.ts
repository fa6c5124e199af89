const { RUNS, SEED } = process.env

/** How often a property is tried: as given, or `RUNS` times and from `SEED` on, for whoever hunts for a counterexample. */
export const runs = (numRuns: number): { numRuns: number; seed?: number } => ({
  numRuns: Number(RUNS ?? numRuns),
  ...(SEED && { seed: Number(SEED) }),
})

/** How long a property may take. */
export const PATIENCE = { timeout: RUNS ? 24 * 3_600_000 : 60_000 }
