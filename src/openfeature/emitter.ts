import type { AnyProviderEvent, EventContext, EventHandler, Logger, ProviderEventEmitter } from '@openfeature/core'

/** Words of the enumerations that the SDKs bring. */
type Name = `${AnyProviderEvent}`

/** Tells the SDKs of a provider's events. A handler that fails harms no other. */
export interface Emitter extends ProviderEventEmitter<AnyProviderEvent> {
  tell(name: Name, context?: EventContext): void
}

/** Makes an emitter, without the code of an SDK. */
export const createEmitter = (): Emitter => {
  const handlers = new Map<AnyProviderEvent, EventHandler[]>()
  let logger: Logger | undefined
  const run = async (handler: EventHandler, context: EventContext | undefined): Promise<void> => {
    try {
      await handler(context as Parameters<EventHandler>[0])
    } catch (error) {
      logger?.error('Error running event handler:', error)
    }
  }
  const emitter: Emitter = {
    emit(event, context) {
      for (const handler of handlers.get(event) ?? []) void run(handler, context)
    },
    tell: (name, context) => emitter.emit(name as AnyProviderEvent, context),
    addHandler: (event, handler) => void handlers.set(event, [...(handlers.get(event) ?? []), handler]),
    removeHandler(event, handler) {
      const known = handlers.get(event) ?? []
      const at = known.lastIndexOf(handler)
      if (at >= 0) handlers.set(event, [...known.slice(0, at), ...known.slice(at + 1)])
    },
    removeAllHandlers(event) {
      if (event === undefined) handlers.clear()
      else handlers.delete(event)
    },
    getHandlers: (event) => [...(handlers.get(event) ?? [])],
    setLogger(given) {
      logger = given
      return emitter
    },
  }
  return emitter
}
