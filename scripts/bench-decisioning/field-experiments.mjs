// The experiments in the words of each SDK, twice: reading a value without a word to anybody, and with the event of it put into the
// SDK's own queue. `events` is where those are sent in the end.
import { ARMS, COUNTRY, EXPERIMENTS, PLANS } from './experiments.mjs'

const silent = Object.fromEntries(['debug', 'info', 'warn', 'error', 'log'].map((level) => [level, () => {}]))

export const growthBook = (load, { events }) => {
  const { GrowthBookClient } = load('@growthbook/growthbook')
  const features = EXPERIMENTS.map((key) => {
    const condition = { country: COUNTRY, plan: { $in: PLANS } }
    const rule = {
      key,
      condition,
      variations: ARMS,
      weights: [0.5, 0.5],
      coverage: 1,
      hashAttribute: 'id',
      hashVersion: 2,
    }
    return [key, { defaultValue: 'off', rules: [rule] }]
  })
  const payload = { features: Object.fromEntries(features) }
  const prepare = ({ id, plan }) => ({ attributes: { id, plan, country: COUNTRY } })
  const contender = (name, options) => {
    const client = new GrowthBookClient(options).initSync({ payload })
    return { name, prepare, value: (key, context) => client.getFeatureValue(key, 'off', context) }
  }
  const { growthbookTrackingPlugin } = load('@growthbook/growthbook/plugins')
  const plugins = [growthbookTrackingPlugin({ ingestorHost: events })]
  return [
    contender('GrowthBook getFeatureValue', {}),
    contender('GrowthBook, told to a callback', { trackingCallback() {} }),
    { ...contender('GrowthBook getFeatureValue', { clientKey: 'sdk-bench', plugins }), isTelling: true },
  ]
}

export const launchDarkly = async (load, { events }) => {
  const { init, integrations } = load('@launchdarkly/node-server-sdk')
  const data = new integrations.TestData()
  const addFlag = data.usePreconfiguredFlag.bind(data)
  const half = { variations: ARMS.map((_, variation) => ({ variation, weight: 50_000 })) }
  const clauses = [
    { attribute: 'country', op: 'in', values: [COUNTRY], contextKind: 'user' },
    { attribute: 'plan', op: 'in', values: PLANS, contextKind: 'user' },
  ]
  for (const key of EXPERIMENTS) {
    addFlag({
      key,
      version: 1,
      on: true,
      salt: key,
      // As its experiments do: each value is an event.
      trackEvents: true,
      variations: [...ARMS, 'off'],
      offVariation: 2,
      fallthrough: { variation: 2 },
      rules: [{ id: key, clauses, rollout: { contextKind: 'user', ...half } }],
    })
  }
  const contender = async (given) => {
    const options = { updateProcessor: data.getFactory(), diagnosticOptOut: true, logger: silent, ...given }
    const client = init('sdk-key', options)
    await client.waitForInitialization({ timeout: 10 })
    return {
      name: 'LaunchDarkly variation',
      prepare: ({ id, plan }) => ({ kind: 'user', key: id, plan, country: COUNTRY }),
      value: (key, context) => client.variation(key, context, 'off'),
      isLater: true,
      after: () => client.flush(),
      close: () => client.close(),
    }
  }
  return [await contender({ sendEvents: false }), { ...(await contender({ eventsUri: events })), isTelling: true }]
}

const statsigRule = (id, conditions, arm) => ({
  name: id,
  id,
  groupName: id,
  passPercentage: 100,
  conditions,
  returnValue: { arm },
  idType: 'userID',
})

export const statsig = async (load) => {
  const { StatsigServer } = load('statsig-node')
  const field = (name, operator, targetValue) => ({ type: 'user_field', field: name, operator, targetValue })
  const bucket = (salt) => ({
    ...{ type: 'user_bucket', operator: 'lt', targetValue: 500, idType: 'userID' },
    additionalValues: { salt },
  })
  const experiments = EXPERIMENTS.map((name) => ({
    ...{ name, type: 'dynamic_config', entity: 'experiment', salt: name, enabled: true, isActive: true },
    ...{ idType: 'userID', defaultValue: { arm: 'off' }, explicitParameters: [] },
    rules: [
      statsigRule('elsewhere', [field('country', 'none', [COUNTRY])], 'off'),
      statsigRule('otherPlan', [field('plan', 'none', PLANS)], 'off'),
      statsigRule(ARMS[0], [bucket(name)], ARMS[0]),
      statsigRule(ARMS[1], [{ type: 'public' }], ARMS[1]),
    ],
  }))
  const specs = { has_updates: true, time: 1, feature_gates: [], dynamic_configs: experiments, layer_configs: [] }
  const contender = async (read, options) => {
    const client = new StatsigServer('secret-key', {
      bootstrapValues: JSON.stringify(specs),
      initStrategyForIP3Country: 'none',
      initStrategyForIDLists: 'none',
      disableDiagnostics: true,
      disableRulesetsSync: true,
      disableIdListsSync: true,
      logger: { ...silent, logLevel: 'none' },
      ...options,
    })
    await client.initializeAsync()
    return {
      name: 'Statsig getExperiment',
      prepare: ({ id, plan }) => ({ userID: id, country: COUNTRY, custom: { plan } }),
      value: (key, user) => client[read](user, key).get('arm', 'off'),
      after: () => client.flush(),
      close: () => client.shutdownAsync(),
    }
  }
  const networkOverrideFunc = async () => new Response('{"success":true}')
  return [
    await contender('getExperimentWithExposureLoggingDisabledSync', { localMode: true }),
    { ...(await contender('getExperimentSync', { networkOverrideFunc })), isTelling: true },
  ]
}

const optimizelyDatafile = () => {
  const match = (name, value) => ({ name, value, type: 'custom_attribute', match: 'exact' })
  const plans = ['or', ...PLANS.map((plan) => match('plan', plan))]
  const experiments = EXPERIMENTS.map((key, at) => ({
    ...{ id: `e${at}`, key, layerId: `l${at}`, status: 'Running', audienceIds: ['a'], audienceConditions: ['or', 'a'] },
    forcedVariations: {},
    variations: ARMS.map((arm) => ({ id: `${at}-${arm}`, key: arm, featureEnabled: true, variables: [] })),
    trafficAllocation: ARMS.map((arm, half) => ({ entityId: `${at}-${arm}`, endOfRange: 5000 * (half + 1) })),
  }))
  return JSON.stringify({
    ...{ version: '4', projectId: '1', accountId: '1', revision: '1', anonymizeIP: true, botFiltering: false },
    ...{ rollouts: [], groups: [], events: [], variables: [] },
    attributes: ['country', 'plan'].map((key) => ({ id: key, key })),
    audiences: [{ id: 'a', name: 'a', conditions: '["and"]' }],
    typedAudiences: [{ id: 'a', name: 'a', conditions: ['and', match('country', COUNTRY), plans] }],
    experiments,
    featureFlags: experiments.map(({ id, key }) => ({
      id: `f${id}`,
      key,
      rolloutId: '',
      experimentIds: [id],
      variables: [],
    })),
  })
}

export const optimizely = async (load) => {
  const sdk = load('@optimizely/optimizely-sdk')
  const contender = async (options, how) => {
    const projectConfigManager = sdk.createStaticProjectConfigManager({ datafile: optimizelyDatafile() })
    const client = sdk.createInstance({ projectConfigManager, ...options })
    await client.onReady()
    return {
      name: 'Optimizely decide',
      prepare: ({ id, plan }) => client.createUserContext(id, { country: COUNTRY, plan }),
      value: (key, user) => user.decide(key, how).variationKey,
      close: () => client.close(),
    }
  }
  const eventDispatcher = { dispatchEvent: async () => ({ statusCode: 200 }) }
  const eventProcessor = sdk.createBatchEventProcessor({ eventDispatcher })
  return [
    await contender({}, ['DISABLE_DECISION_EVENT']),
    { ...(await contender({ eventProcessor }, [])), isTelling: true },
  ]
}

export const unleash = async (load) => {
  const { InMemStorageProvider, Unleash } = load('unleash-client')
  const constraint = (contextName, values) => ({ contextName, operator: 'IN', values })
  const data = EXPERIMENTS.map((name) => ({
    ...{ name, type: 'experiment', enabled: true, stale: false, impressionData: false, variants: [] },
    strategies: [
      {
        name: 'flexibleRollout',
        parameters: { rollout: '100', stickiness: 'userId', groupId: name },
        constraints: [constraint('country', [COUNTRY]), constraint('plan', PLANS)],
        variants: ARMS.map((arm) => ({
          ...{ name: arm, weight: 500, weightType: 'fix', stickiness: 'userId' },
          payload: { type: 'string', value: arm },
        })),
      },
    ],
  }))
  const client = new Unleash({
    appName: 'bench',
    // Nobody listens there: it has what it needs, asks once, and does not ask again.
    url: 'http://127.0.0.1:9/',
    bootstrap: { data },
    storageProvider: new InMemStorageProvider(),
    refreshInterval: 0,
    disableMetrics: true,
  })
  client.on('error', () => {}).on('warn', () => {})
  await new Promise((resolve) => client.once('ready', resolve))
  return [
    {
      name: 'Unleash getVariant',
      prepare: ({ id, plan }) => ({ userId: id, properties: { country: COUNTRY, plan } }),
      value: (key, context) => client.getVariant(key, context).name,
      close: () => client.destroy(),
    },
  ]
}
