import type { NotificationDetails, Shown } from '../delivery/shown.ts'

/** Who is told of displays and clicks. A client is one. */
export interface Report {
  /** Prefetched content was shown: `details.options` names the options. */
  display(shown: Shown, details?: NotificationDetails): unknown
  /** What was shown was clicked: `details.metrics` names the metrics. */
  click(shown: Shown, details?: NotificationDetails): unknown
}

/** What is told may throw, and the page is not to suffer from that: the error is nobody's but the console's. */
export const told = (tell: () => unknown): void => {
  try {
    tell()
  } catch (error) {
    console.error(error)
  }
}
