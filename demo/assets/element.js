/** An element with attributes and content; content that is text stays text. */
export const element = (tag, attributes = {}, ...content) => {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...content.filter((part) => part !== undefined))
  return made
}
