// What this page listens to, and up to where it knows each topic. Pure, no DOM.
//
// A cursor holds for the topics it was given for: `ready` names them, and the `cursor` of the
// server's beat holds for all topics that are ready. So each topic keeps its own.

export class Cursors {
  #topics = new Map() // topic → { cursor, wanting, asked: answers that are due, isDue: to be asked }

  /** One more listener wants the topics; `cursor`: what its page has seen, null for "from now". */
  want(topics, cursor = null) {
    for (const topic of topics) {
      const known = this.#topics.get(topic)
      if (!known) this.#topics.set(topic, { cursor, wanting: 1, asked: 0, isDue: true })
      else {
        known.wanting += 1
        if (cursor) this.#askAgain(known, cursor)
      }
    }
  }

  /** A later listener missed what the earlier ones have heard: it is told to all once more. */
  #askAgain(known, cursor) {
    known.cursor = isReady(known) ? cursor : older(known.cursor, cursor)
    known.isDue = true
  }

  /** One listener less. Returns the topics that nobody wants any more. */
  unwant(topics) {
    const left = []
    for (const topic of topics) {
      const known = this.#topics.get(topic)
      if (!known) continue
      known.wanting -= 1
      if (known.wanting === 0) left.push(topic)
    }
    this.drop(left)
    return left
  }

  /** The server refused or closed the topics: they are not asked for again. */
  drop(topics) {
    for (const topic of topics) this.#topics.delete(topic)
  }

  /** What to ask the server now: topics with the same cursor together. */
  wishes() {
    const byCursor = new Map()
    for (const [topic, known] of this.#topics) {
      if (!known.isDue) continue
      known.isDue = false
      known.asked += 1
      byCursor.set(known.cursor, [...(byCursor.get(known.cursor) ?? []), topic])
    }
    return [...byCursor].map(([cursor, topics]) => ({ type: "subscribe", topics, cursor }))
  }

  /** The answer to one wish. */
  ready(topics, cursor) {
    for (const topic of topics) {
      const known = this.#topics.get(topic)
      if (!known) continue
      known.asked = Math.max(0, known.asked - 1)
      if (isReady(known)) known.cursor = cursor
    }
  }

  /** The server's beat: everything before this cursor has been delivered on the ready topics. */
  beat(cursor) {
    if (!cursor) return
    for (const known of this.#topics.values()) if (isReady(known)) known.cursor = cursor
  }

  /** The connection, or the server's own, was lost: all topics are to be asked for again. */
  lost() {
    for (const known of this.#topics.values()) Object.assign(known, { asked: 0, isDue: true })
  }

  get isEmpty() {
    return this.#topics.size === 0
  }

  get areReady() {
    return [...this.#topics.values()].every(isReady)
  }
}

const isReady = ({ asked, isDue }) => asked === 0 && !isDue

/** The cursor that has seen less; null ("from now") has seen all. */
export function older(one, other) {
  if (!one || !other) return one || other
  const [a, b] = [one, other].map(seen)
  for (const part of ["xmax", "xmin"]) {
    if (a[part] !== b[part]) return a[part] < b[part] ? one : other
  }
  return a.running >= b.running ? one : other
}

/** `epoch:xmin:xmax:running,…` – ids are 64 bits wide. */
function seen(cursor) {
  const [, xmin, xmax, running] = cursor.split(":")
  return { xmin: BigInt(xmin), xmax: BigInt(xmax), running: running.length }
}
