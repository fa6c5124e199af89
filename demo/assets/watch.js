/**
 * Listens to a client for the panel: `demo.watch(target)`, or `demo.listeners` among its options. It keeps what happens until the panel
 * is there, which is loaded after the page's own code.
 */
{
  const asked = new WeakMap()
  const names = ({ mboxes = [], views = [] } = {}) => [
    ...mboxes.map(({ name }) => name),
    ...views.map(({ name }) => (name === undefined ? 'all views' : `${name} view`)),
  ]

  globalThis.demo = {
    heard: [],
    hear(row) {
      demo.heard.push(row)
    },
    listeners: {
      request: ({ request }) => asked.set(request, performance.now()),
      response({ request }) {
        const took = Math.round(performance.now() - asked.get(request))
        demo.hear({ what: 'asked', names: [...names(request.execute), ...names(request.prefetch)], took })
      },
      requestFailed: ({ error }) => demo.hear({ what: 'failed', message: error.message }),
      notificationQueued: ({ notification }) => demo.hear({ what: 'queued', id: notification.id }),
      notificationBatch: ({ notifications, way }) =>
        demo.hear({ what: 'batch', ids: notifications.map(({ id }) => id), way }),
      notificationSent: ({ notification }) => demo.hear({ what: 'settled', id: notification.id }),
      notificationRejected: ({ notification, error }) =>
        demo.hear({ what: 'failed', id: notification.id, message: `${error?.message ?? 'not acknowledged'}` }),
    },
    watch(target) {
      for (const [name, listener] of Object.entries(demo.listeners)) target.on(name, listener)
    },
  }
}
