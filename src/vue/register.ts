/**
 * The names of your account, so that the compiler knows them. Add to it what you have: `offers`, what the offers of each mbox hold;
 * `attributes`, the values in the JSON offers of each mbox; `views`, the names of views.
 *
 * @example
 * declare module 'isotarget/vue' {
 *   interface Register {
 *     offers: { hero: string; promo: { title: string } }
 *   }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: users add to it
export interface Register {}
