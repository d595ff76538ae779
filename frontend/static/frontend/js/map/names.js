// Where names stand on the map, so that they touch neither marks nor each other. Pure, no DOM.

const LINE = 24 // pixels a name takes from top to bottom
const STEP = 34 // how far a name steps up or down

/**
 * For each label {x, y, half} (centre and half its width, in pixels): 0 stays, 1 a step down,
 * -1 a step up, null if there is no room. Earlier labels come first; marks {x, y, half, up} stay.
 */
export function arranged(labels, marks) {
  const taken = marks.map((mark) => ({ ...mark }))
  return labels.map(({ x, y, half }) => {
    for (const step of [0, 1, -1]) {
      const box = { x, y: y + step * STEP, half, up: LINE / 2 }
      if (taken.some((other) => touch(box, other))) continue
      taken.push(box)
      return step
    }
    return null
  })
}

const touch = (a, b) => Math.abs(a.x - b.x) < a.half + b.half && Math.abs(a.y - b.y) < a.up + b.up
