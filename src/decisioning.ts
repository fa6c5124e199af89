/**
 * Decisions on the device, by the rules of an artifact. A client loads this by itself when its `decisioningMethod` asks for it.
 * Nothing happens on import.
 * @module
 */
export type { Artifact, Consequence, Rule, Rules } from './decisioning/artifact.ts'
export { decide } from './decisioning/decide.ts'
export type { DeviceDecide, HybridOptions, OnDeviceOptions } from './decisioning/decides.ts'
export { hybrid, onDevice } from './decisioning/decides.ts'
export type { Decision } from './decisioning/engine.ts'
export type { PlaceExplanation, RuleExplanation } from './decisioning/explain.ts'
export { explain } from './decisioning/explain.ts'
export type { ArtifactAddress } from './decisioning/location.ts'
export type { Moment } from './decisioning/moment.ts'
export type { Domain, DomainOf } from './decisioning/page.ts'
export { problemsOf } from './decisioning/problems.ts'
export type { Ruleset, RulesetOptions } from './decisioning/ruleset.ts'
export { compileArtifact } from './decisioning/ruleset.ts'
export type { SourceEvents, SourceOptions } from './decisioning/source.ts'
export type { Decide } from './delivery/decide.ts'
