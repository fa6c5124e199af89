/** Writes into the line at the foot of the page what Target has acknowledged. Gives the way to stop. */
export const tell = (target, line) => {
  const told = []
  return target.on('notificationSent', ({ notification }) => {
    told.push(`${notification.type} of ${notification.mbox?.name}`)
    line.textContent = told.join(', ')
  })
}
