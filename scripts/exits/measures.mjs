import { answers } from './answers.mjs'
import { budget } from './budget.mjs'
import { cost } from './cost.mjs'
import { endings } from './endings.mjs'
import { grace } from './grace.mjs'
import { later } from './later.mjs'
import { losses, orders } from './leaving.mjs'
import { locks } from './locks.mjs'

/**
 * Each with a `title`, how often it is done (`n`) unless that is fixed, `run`, which gives rows, and `cell`, which says a row in a
 * few characters; `engines` where not all of them can do it.
 */
export const measures = { orders, losses, budget, endings, later, cost, grace, answers, locks }
