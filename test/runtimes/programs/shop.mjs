// What a shop does, in plain JavaScript, the same for every runtime. It is given the door, and says what it got.

const ACCOUNT = { client: 'acme', organizationId: 'ABC@AdobeOrg', secure: false }

/** The code of what a promise rejects with. */
const codeOf = async (door, promise) => {
  try {
    await promise
    return 'none'
  } catch (error) {
    return door.isTargetError(error) ? error.code : `${error}`
  }
}

/** Asks, reports what was prefetched, and sends a notification by hand. */
const firstVisit = async (door, target, request) => {
  const visitor = target.visitor(request, { ipAddress: '203.0.113.7' })
  const { response } = await visitor.getOffers({
    request: {
      execute: { mboxes: door.mboxes('hero') },
      prefetch: { mboxes: door.mboxes('teaser', 'basket') },
    },
  })
  const [teaser, basket] = response.prefetch.mboxes
  visitor.display(teaser)
  const flushed = await visitor.flush()
  const sent = await visitor.sendNotifications({
    request: {
      notifications: [
        {
          id: 'by-hand',
          type: 'display',
          timestamp: Date.now(),
          mbox: { name: basket.name, state: basket.state },
          tokens: basket.options.map(({ eventToken }) => eventToken),
        },
      ],
    },
  })
  return {
    executed: response.execute.mboxes.map(({ options }) => options[0].content),
    prefetched: response.prefetch.mboxes.map(({ options }) => options[0].content),
    flushed,
    acknowledged: sent.response.notifications.map(({ id }) => id),
    cookies: visitor.setCookies(),
  }
}

/** Comes again with the cookies that were set, as a browser brings them. */
const secondVisit = async (target, cookies) => {
  const cookie = cookies.map((line) => line.split(';')[0]).join('; ')
  const visitor = target.visitor(new Request('https://www.shop.example/basket', { headers: { cookie } }))
  const flags = await visitor.getAttributes(['flags'])
  return {
    columns: flags.getValue('flags', 'columns', 0),
    cookies: visitor.setCookies().map((line) => line.split('=')[0]),
  }
}

/** Downloads the rules, decides by them, and reports on closing. */
const onDevice = async (door, { serverDomain, rules }) => {
  const target = door.TargetClient.create({
    ...ACCOUNT,
    serverDomain,
    artifactLocation: rules,
    decisioningMethod: 'on-device',
  })
  await target.ready()
  const visitor = target.visitor('')
  const { response, meta, status } = await visitor.getOffers({
    request: { execute: { mboxes: door.mboxes('hero', 'elsewhere') } },
  })
  return {
    method: meta.decisioningMethod,
    content: response.execute.mboxes.map(({ options }) => options?.[0]?.content ?? 'default'),
    remote: status.remoteMboxes,
    columns: visitor.variation('flags', 'columns', 0),
    closed: await target.close(),
  }
}

/** What goes wrong, by its codes. The first two attempts at the shaky edge fail. */
const troubles = async (door, { serverDomain, shaky, silent, nowhere }) => {
  const ask = (domain, options = {}, call = {}) => {
    const target = door.TargetClient.create({ ...ACCOUNT, serverDomain: domain, ...options })
    return target.getOffers({ request: { execute: { mboxes: door.mboxes('hero') } }, ...call })
  }
  const controller = new AbortController()
  const aborted = codeOf(door, ask(silent, { retries: 0 }, { signal: controller.signal }))
  controller.abort()
  const closed = door.TargetClient.create({ ...ACCOUNT, serverDomain })
  await closed.close()
  return {
    option: await codeOf(door, (async () => door.TargetClient.create({ client: 'acme' }))()),
    nobody: await codeOf(door, ask(nowhere, { retries: 0 })),
    late: await codeOf(door, ask(silent, { timeout: 50 })),
    aborted: await aborted,
    refused: await codeOf(door, ask(serverDomain, { organizationId: 'OTHER@AdobeOrg' })),
    closed: await codeOf(door, closed.getOffers({ request: { execute: { pageLoad: {} } } })),
    repeated: await codeOf(door, ask(shaky)),
  }
}

/** Keeps a notification in a file while the edge cannot be reached; says what became of it, or why it cannot. */
const inFiles = async (door, { nowhere, directory }) => {
  try {
    const notificationStorage = door.fileStorage(directory)
    const target = door.TargetClient.create({ ...ACCOUNT, serverDomain: nowhere, retries: 0, notificationStorage })
    target.visitor('').track('orderConfirmPage')
    return await target.close()
  } catch (error) {
    return door.isTargetError(error) ? error.code : `${error}`
  }
}

/** Left as it is: nothing of it may keep a process alive. */
const forgotten = async (door, { serverDomain, rules }) => {
  const target = door.TargetClient.create({
    ...ACCOUNT,
    serverDomain,
    artifactLocation: rules,
    decisioningMethod: 'hybrid',
  })
  await target.ready()
}

export const visitShop = async (door, around, request) => {
  const target = door.TargetClient.create({ ...ACCOUNT, serverDomain: around.serverDomain })
  const first = await firstVisit(
    door,
    target,
    request ?? new Request('https://www.shop.example/?from=mail', { headers: around.headers }),
  )
  const second = await secondVisit(target, first.cookies)
  const closed = await target.close()
  const device = await onDevice(door, around)
  await forgotten(door, around)
  return {
    first,
    second,
    closed,
    device,
    troubles: await troubles(door, around),
    files: await inFiles(door, around),
    disposes: typeof target[Symbol.asyncDispose],
  }
}
