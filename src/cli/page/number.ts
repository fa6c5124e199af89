/** 12,345 */
export const count = (value: number): string => value.toLocaleString('en-US')

/** 12.3 % */
export const percent = (value: number): string => `${(value * 100).toFixed(Math.abs(value) < 0.1 ? 1 : 0)} %`

/** +12.3 % */
export const signed = (value: number): string => `${value > 0 ? '+' : value < 0 ? '−' : ''}${percent(Math.abs(value))}`

/** How sure something is, rounded down: nothing that is measured is certain. */
export const sureness = (value: number): string => `${value >= 0.999 ? 'over 99.9' : Math.floor(value * 100)} % sure`
