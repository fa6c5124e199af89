/** The published cases that this engine answers otherwise on purpose: `suite.case`, and why. */
export const caseDifferences: Readonly<Record<string, string>> = {
  'TEST_SUITE_TELEMETRY.sends_telemetry':
    'telemetry rides on the calls that the client makes anyway, so that a decision costs no call of its own',
}
