export interface FoundBrowsers {
  readonly chromium?: string
  readonly firefox?: string
  readonly webkit?: { readonly driver: string; readonly miniBrowser: string; readonly xvfb: string }
}

/** Only looks, installs nothing. An engine that is not there has no key. */
export declare const findBrowsers: () => FoundBrowsers
