/**
 * Listens to a client for the panel: `demo.watch(target)`. It keeps what happens until the panel is there, which is
 * loaded after the page's own code.
 */
globalThis.demo = {
  heard: [],
  hear(row) {
    demo.heard.push(row)
  },
  watch(target) {
    const asked = new WeakMap()
    const names = ({ mboxes = [], views = [] } = {}) => [
      ...mboxes.map(({ name }) => name),
      ...views.map(({ name }) => (name === undefined ? 'all views' : `${name} view`)),
    ]
    target.on('request', ({ request }) => asked.set(request, performance.now()))
    target.on('response', ({ request }) => {
      const took = Math.round(performance.now() - asked.get(request))
      demo.hear({ what: 'asked', names: [...names(request.execute), ...names(request.prefetch)], took })
    })
    target.on('requestFailed', ({ error }) => demo.hear({ what: 'failed', message: error.message }))
    target.on('notificationQueued', ({ notification }) => demo.hear({ what: 'queued', id: notification.id }))
    target.on('notificationBatch', ({ notifications, way }) => {
      demo.hear({ what: 'batch', ids: notifications.map(({ id }) => id), way })
    })
    target.on('notificationSent', ({ notification }) => demo.hear({ what: 'settled', id: notification.id }))
    target.on('notificationRejected', ({ notification, error }) => {
      demo.hear({ what: 'failed', id: notification.id, message: `${error?.message ?? 'not acknowledged'}` })
    })
  },
}
