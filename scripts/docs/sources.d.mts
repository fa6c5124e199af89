export declare const doors: string[]
export declare const GENERATED: string
export declare const INCLUDED: string[]
