/** The members of other packages that samples use, as their own types have them. */

declare module 'express' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  interface Request extends IncomingMessage {
    ip?: string
    originalUrl: string
  }
  interface Response extends ServerResponse {
    append(name: string, value: string | string[]): this
    send(body: string): this
  }
  interface Express {
    set(name: string, value: unknown): this
    get(path: string, handler: (req: Request, res: Response) => Promise<unknown>): this
    all(path: string, handler: (req: Request, res: Response) => Promise<unknown>): this
    listen(port: number): unknown
  }
  function express(): Express
  export = express
}

declare module 'hono' {
  interface Context {
    req: { raw: Request }
    header(name: string, value: string, options?: { append?: boolean }): void
    html(body: string): Response
  }
  export class Hono {
    get(path: string, handler: (c: Context) => Promise<Response>): this
    all(path: string, handler: (c: Context) => Promise<Response>): this
    fetch(request: Request): Promise<Response>
    request(path: string, init?: RequestInit): Promise<Response>
  }
}

declare module 'undici' {
  export class ProxyAgent {
    constructor(uri: string)
  }
}

declare module 'next/headers' {
  export function cookies(): Promise<{ has(name: string): boolean }>
  export function headers(): Promise<Headers>
}

declare module '@/app/offers' {
  import type { OffersState } from 'isotarget/react'
  import type { ReactNode } from 'react'

  export const Offers: (props: { state: OffersState | undefined; children: ReactNode }) => ReactNode
}
