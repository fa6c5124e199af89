/** Properties of a component that can be changed from outside. */
export const propsOf = (given) => {
  const props = $state(given)
  return props
}
