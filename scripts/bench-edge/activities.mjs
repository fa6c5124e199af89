// A file of activities: each fills an mbox of its own, measures its clicks, and one in three is converted to by each of the three goals.
const GOALS = ['thanks-0', 'thanks-1', 'thanks-2']

export const goalOf = (activity) => GOALS[activity % GOALS.length]

export const mboxOf = (activity) => `mbox-${activity}`

export const activitiesOf = (count) => ({
  activities: Array.from({ length: count }, (_, at) => {
    const id = at + 1
    return {
      id,
      name: `Activity ${id}`,
      experiences: ['Control', 'One', 'Two'].slice(0, 2 + (id % 2)).map((name, place) => ({
        name,
        share: 10 + place * 5,
        offers: {
          [mboxOf(id)]: `<p class="offer">Experience ${name} of activity ${id}, ${'and so on '.repeat(20)}</p>`,
        },
      })),
      clicks: { [mboxOf(id)]: true },
      conversions: [goalOf(id)],
    }
  }),
})
