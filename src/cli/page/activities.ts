import { html, svg } from '../../dom/element.ts'
import type { QaLink } from '../../emulator/qa.ts'
import type { ReportActivity, ReportExperience } from '../../emulator/report.ts'
import { count, percent, signed, sureness } from './number.ts'

/** Width and height of the drawing of a rate, in its own units. */
const WIDE = 200
const HIGH = 26

/** The right end of the scale: a round rate that holds every interval that says something. */
const scaleOf = (experiences: readonly ReportExperience[]): number => {
  const ends = experiences.filter(({ visitors }) => visitors > 0).map(({ rateInterval }) => rateInterval[1])
  const end = Math.max(0.1, ...ends)
  return Math.min(1, Math.ceil(end * 10) / 10)
}

/** The rate as a bar, and where it lies with 95 % confidence as a whisker. */
const drawRate = ({ rate, rateInterval, visitors }: ReportExperience, scale: number): SVGElement => {
  const x = (value: number) => (Math.min(value, scale) / scale) * WIDE
  const [low, high] = rateInterval
  const middle = HIGH / 2
  const whisker = visitors > 0 && [
    svg('line', { class: 'whisker', x1: x(low), x2: x(high), y1: middle, y2: middle }),
    svg('line', { class: 'whisker', x1: x(low), x2: x(low), y1: middle - 5, y2: middle + 5 }),
    svg('line', { class: 'whisker', x1: x(high), x2: x(high), y1: middle - 5, y2: middle + 5 }),
  ]
  return svg(
    'svg',
    { viewBox: `0 0 ${WIDE} ${HIGH}`, class: 'rate', preserveAspectRatio: 'none', 'aria-hidden': true },
    svg('rect', { class: 'track', width: WIDE, height: HIGH - 12, y: 6, rx: 3 }),
    svg('rect', { class: 'bar', width: Math.max(visitors ? 2 : 0, x(rate)), height: HIGH - 12, y: 6, rx: 3 }),
    ...(whisker || []),
  )
}

const SURE = 0.95

const verdictOf = ({ lift, confidence }: ReportExperience): string => {
  if (lift === undefined || confidence === undefined || confidence < SURE) return 'open'
  return lift > 0 ? 'ahead' : 'behind'
}

const liftCell = (experience: ReportExperience, isControl: boolean): HTMLElement => {
  const { lift, liftInterval, confidence } = experience
  if (isControl) return html('td', { class: 'lift' }, html('span', { class: 'faint' }, 'control'))
  if (lift === undefined) return html('td', { class: 'lift' }, html('span', { class: 'faint' }, '–'))
  return html(
    'td',
    { class: 'lift' },
    html('b', { class: verdictOf(experience) }, signed(lift)),
    liftInterval && html('small', {}, `${signed(liftInterval[0])} to ${signed(liftInterval[1])}`),
    confidence !== undefined && html('small', {}, sureness(confidence)),
  )
}

/** What the page knows of QA links. */
export interface Links {
  /** Address of the page that they open; empty when nobody said so. */
  site: string
  list: readonly QaLink[]
}

/** A link that opens an experience, or copies what to write behind the address of a page. */
const linkOf = (query: string, site: string): HTMLElement => {
  const words = { class: 'qa', title: `${site}${query}` }
  if (site) return html('a', { ...words, href: `${site}${query}`, target: '_blank', rel: 'noopener' }, 'QA link')
  const button = html(
    'button',
    {
      ...words,
      type: 'button',
      onclick: async () => {
        await navigator.clipboard.writeText(query)
        button.textContent = 'Copied'
      },
    },
    'Copy QA link',
  )
  return button
}

/** What is drawn of an activity besides its experiences. */
interface Drawing {
  scale: number
  links: Links
}

const rowOf = (activity: ReportActivity, experience: ReportExperience, { scale, links }: Drawing): HTMLElement => {
  const { name, visitors, impressions, clicks, conversions, revenue, rate, reached } = experience
  const isControl = experience === activity.experiences[0]
  const link = links.list.find((one) => one.activity === activity.id && one.experience === name)
  return html(
    'tr',
    {},
    html('th', { scope: 'row' }, name, link && linkOf(link.query, links.site)),
    html('td', { class: 'number' }, count(visitors)),
    html(
      'td',
      { class: 'rates' },
      drawRate(experience, scale),
      html('span', { class: 'of' }, html('b', {}, percent(rate)), ` ${count(reached)} of ${count(visitors)}`),
    ),
    liftCell(experience, isControl),
    html('td', { class: 'number' }, count(impressions)),
    html('td', { class: 'number' }, count(clicks)),
    html('td', { class: 'number' }, count(conversions)),
    html('td', { class: 'number' }, count(revenue)),
  )
}

const HEADS = ['Lift', 'Impressions', 'Clicks', 'Conversions', 'Revenue']

const cardOf = (activity: ReportActivity, links: Links): HTMLElement => {
  const { id, name, goal, experiences } = activity
  const scale = scaleOf(experiences)
  const rate = `${goal === 'click' ? 'Click' : 'Conversion'} rate, 0 to ${percent(scale)}`
  return html(
    'article',
    { class: 'card' },
    html('h3', {}, name, html('span', { class: 'faint' }, ` ${id}`)),
    html(
      'div',
      { class: 'scroll' },
      html(
        'table',
        {},
        html(
          'thead',
          {},
          html(
            'tr',
            {},
            html('th', { scope: 'col' }, 'Experience'),
            html('th', { scope: 'col', class: 'number' }, 'Visitors'),
            html('th', { scope: 'col' }, rate),
            ...HEADS.map((head) => html('th', { scope: 'col', class: head === 'Lift' ? '' : 'number' }, head)),
          ),
        ),
        html('tbody', {}, ...experiences.map((experience) => rowOf(activity, experience, { scale, links }))),
      ),
    ),
  )
}

/** Draws what the activities have achieved. */
export const showActivities = (into: Element, report: readonly ReportActivity[], links: Links): void => {
  into.replaceChildren(...report.map((activity) => cardOf(activity, links)))
  if (!report.length) into.append(html('p', { class: 'faint' }, 'The file has no activities.'))
}
