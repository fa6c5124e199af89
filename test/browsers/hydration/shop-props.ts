/** What the shops of all frameworks show. */
export interface ShopProps {
  headline: string
  items: readonly string[]
  /** What stands in the mbox. */
  hero: string
  /**
   * Who owns what stands in the mbox: `text` the framework, `html` nobody, as it is set as HTML; `lenient` is the way of the
   * documentation.
   */
  kind: 'text' | 'html' | 'lenient'
  /** Another number makes another element of the mbox. */
  round: number
}
