// Messages wait here for the next frame. Pure, no DOM.
//
// Of one thing only the newest version is handed over, and never one that is older than what was
// handed over before: messages may come late, doubled or out of order.

/** Postcards and `gone` tell of the public face of a thing; doorbells of the thing itself. */
const stream = ({ kind, code }) => `${kind === "bell" ? "bell" : "face"} ${code}`

const isVersioned = ({ code, version }) => typeof code === "string" && Number.isInteger(version)

export class Inbox {
  #waiting = new Map()
  #newest = new Map()
  #others = 0

  /** Keep a message for `take`. False if it is older than what is known. */
  put(message) {
    if (!isVersioned(message)) {
      this.#waiting.set(`other ${(this.#others += 1)}`, message)
      return true
    }
    const key = stream(message)
    if (message.version < (this.#newest.get(key) ?? -Infinity)) return false
    this.#newest.set(key, message.version)
    this.#waiting.delete(key) // the newer one takes its place in the order of arrival
    this.#waiting.set(key, message)
    return true
  }

  /** What waits, in the order of arrival. */
  take() {
    const messages = [...this.#waiting.values()]
    this.#waiting.clear()
    return messages
  }
}
