/** Tells in words what Target has acknowledged, whenever that changes. Gives the way to stop. */
export const tell = (target, show) => {
  const told = []
  return target.on('notificationSent', ({ notification }) => {
    told.push(`${notification.type} of ${notification.mbox?.name}`)
    show(told.join(', '))
  })
}
