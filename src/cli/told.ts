import type { RuleExplanation } from '../decisioning/explain.ts'
import { plain } from './layout.ts'

/** A thing by its name and its id, as far as they are known. */
const called = ({ id, name }: { id: unknown; name: unknown }, what: string): string => {
  if (name === undefined || name === '') return id === undefined ? `${what} without a name` : `${what} ${plain(id)}`
  return id === undefined ? plain(name) : `${plain(name)} (${plain(id)})`
}

/** Activity and experience of a rule, in words. */
export const ruleName = ({ activity, experience }: Pick<RuleExplanation, 'activity' | 'experience'>): string =>
  `${called(activity, 'activity')}, ${called(experience, 'experience')}`
