// What would lie on top of each other on the screen becomes one ring. Pure, no DOM.

/**
 * Merge marks that are closer than `gap` pixels.
 *
 * `marks`: [{at, n, by: {status: count}, card?}], `pixel(at)` → {x, y}. Bigger ones attract smaller
 * ones; a mark that stays alone comes back as it was. The result keeps `members` for zooming in.
 */
export function gather(marks, pixel, gap) {
  const once = gathered(marks, pixel, gap)
  // A ring stands in the middle of its members, which may be too close to the next one.
  return once.length < marks.length ? gather(once, pixel, gap) : once
}

function gathered(marks, pixel, gap) {
  const heaps = []
  const cells = new Map()
  const sorted = marks.toSorted((a, b) => b.n - a.n || order(a, b))
  for (const mark of sorted) {
    const point = pixel(mark.at)
    const heap = nearest(cells, point, gap)
    if (heap) heap.members.push(mark)
    else {
      const fresh = { point, members: [mark] }
      heaps.push(fresh)
      put(cells, fresh, gap)
    }
  }
  return heaps.map(({ members }) => (members.length === 1 ? members[0] : merged(members)))
}

const order = (a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)
const keyOf = (mark) => mark.card?.code ?? mark.at.join()

const cellOf = ({ x, y }, gap) => [Math.floor(x / gap), Math.floor(y / gap)]

function put(cells, heap, gap) {
  const key = cellOf(heap.point, gap).join()
  if (!cells.has(key)) cells.set(key, [])
  cells.get(key).push(heap)
}

function nearest(cells, point, gap) {
  const [column, row] = cellOf(point, gap)
  let best = null
  let least = gap
  for (let x = column - 1; x <= column + 1; x += 1) {
    for (let y = row - 1; y <= row + 1; y += 1) {
      for (const heap of cells.get(`${x},${y}`) ?? []) {
        const far = Math.hypot(heap.point.x - point.x, heap.point.y - point.y)
        if (far < least) [best, least] = [heap, far]
      }
    }
  }
  return best
}

function merged(members) {
  const n = members.reduce((sum, mark) => sum + mark.n, 0)
  const by = {}
  for (const mark of members) {
    for (const [status, count] of Object.entries(mark.by)) by[status] = (by[status] ?? 0) + count
  }
  const mean = (axis) => members.reduce((sum, mark) => sum + mark.at[axis] * mark.n, 0) / n
  return { at: [mean(0), mean(1)], n, by, members: members.flatMap((mark) => mark.members ?? [mark]) }
}
