/** The numbers by which the Experience Cloud ID service names the same states. */
export const AuthState = { UNKNOWN: 0, AUTHENTICATED: 1, LOGGED_OUT: 2 } as const
export type AuthState = (typeof AuthState)[keyof typeof AuthState]
