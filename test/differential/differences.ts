import { contentDifferences } from './content-differences.ts'
import type { Difference } from './difference.ts'
import { visitorDifferences } from './visitor-differences.ts'

/** Every way in which the SDKs differ on purpose, in the order in which they are settled. */
export const differences: Difference[] = [...visitorDifferences, ...contentDifferences]
