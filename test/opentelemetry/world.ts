import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, type ContextManager, context, ROOT_CONTEXT } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { onTestFinished } from 'vitest'
import { createEmulator, type EmulatorOptions } from '../../src/emulator.ts'
import { instrument } from '../../src/opentelemetry.ts'
import { type ClientOptions, TargetClient } from '../../src/server.ts'

const storage = new AsyncLocalStorage<Context>()

/** Carries the context over awaits, as that of a Node program does. */
const manager: ContextManager = {
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (active, fn, ...[thisArg, ...args]) => storage.run(active, () => fn.apply(thisArg as never, args)),
  bind: (active, target) =>
    typeof target === 'function'
      ? (((...args: unknown[]) =>
          storage.run(active, () => (target as (...given: unknown[]) => unknown)(...args))) as typeof target)
      : target,
  enable: () => manager,
  disable: () => manager,
}

/** An edge over HTTP, a client of it that is instrumented, and the spans that were made. */
export const openTraced = async (options: Partial<ClientOptions> = {}, edgeOptions: EmulatorOptions = {}) => {
  context.setGlobalContextManager(manager)
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const tracer = provider.getTracer('test')
  const edge = createEmulator({ offers: { hero: '<b>Hello</b>', flags: { json: { isNew: true } } }, ...edgeOptions })
  const { url, port, close } = await edge.listen()
  const target = TargetClient.create({
    client: 'acme',
    organizationId: 'ABC@AdobeOrg',
    serverDomain: `127.0.0.1:${port}`,
    secure: false,
    retries: 0,
    notificationDelay: 5,
    ...options,
  })
  const traced = instrument(target, { tracer })
  onTestFinished(async () => {
    await target.close({ timeout: 1 })
    await close()
    await provider.shutdown()
    context.disable()
  })
  /** Spans that have ended, by name. */
  const spans = (name?: string): ReadableSpan[] =>
    exporter.getFinishedSpans().filter((span) => !name || span.name === name)
  return { edge, url, port, target, traced, tracer, spans, close }
}
