/** A text as one word of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** A Delivery API call as a line for a shell. `body` is the JSON text, sent as it is. */
export const curlOf = (url: string, body: string): string =>
  [`curl ${quoted(url)}`, "-H 'content-type: application/json'", `-d ${quoted(body)}`].join(' \\\n  ')
