/**
 * Words by which crawlers, previews and monitors name themselves. Few on purpose: a person who is taken for a machine is not counted,
 * while a machine that is taken for a person is left out by Target, which knows them better. `Cubot` makes phones.
 */
const NAMES =
  /(?<!\bcu)bot(?![a-z])|crawl|spider|slurp|scrap(?:er|y)|facebookexternalhit|mediapartners|googleother|google-inspectiontool|ia_archiver|bingpreview|headlesschrome|lighthouse|prerender|pingdom|uptime|monitis/i

/** Whether a user agent says that it is no person's. */
export const isBot = (userAgent: string | undefined): boolean => NAMES.test(userAgent ?? '')
