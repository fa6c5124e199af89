import type { Address, Context } from '../delivery/context.ts'
import { timeOffset } from './platform.ts'

interface UserAgentData {
  brands?: { brand: string; version: string }[]
  mobile?: boolean
  platform?: string
}

/** Brands in the syntax of the `Sec-CH-UA` header. */
const brandList = (brands: UserAgentData['brands'] = []): string =>
  brands.map(({ brand, version }) => `"${brand}";v="${version}"`).join(', ')

/** Where the page is, and where its visitor came from. */
export const browserAddress = (): Address => ({ url: location.href, referringUrl: document.referrer })

/** What the page and the device say of themselves; only low-entropy client hints, which need no permission. */
export const browserContext = (): Context => {
  const { userAgentData, userAgent } = navigator as Navigator & { userAgentData?: UserAgentData }
  const { width, height, colorDepth } = screen
  return {
    channel: 'web',
    userAgent,
    ...(userAgentData && {
      clientHints: {
        mobile: Boolean(userAgentData.mobile),
        platform: userAgentData.platform || undefined,
        browserUAWithMajorVersion: brandList(userAgentData.brands),
      },
    }),
    timeOffsetInMinutes: timeOffset(),
    screen: {
      width,
      height,
      colorDepth,
      pixelRatio: devicePixelRatio,
      orientation: width > height ? 'landscape' : 'portrait',
    },
    window: { width: innerWidth, height: innerHeight },
    browser: { host: location.hostname },
    address: browserAddress(),
  }
}
