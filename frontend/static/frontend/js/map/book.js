// What this page knows of reports. Messages come late, doubled or out of order: the newest version
// wins, and what is gone stays gone. Pure, no DOM.

const OPEN = new Set(["new", "in_progress", "on_hold"])

export class Book {
  #cards = new Map()
  #gone = new Map()

  /** Take a postcard: "new", "changed" or "same" (an old or known version). */
  take(card) {
    if ((this.#gone.get(card.code) ?? -1) >= card.version) return "same"
    const known = this.#cards.get(card.code)
    if (known && known.version >= card.version) return "same"
    this.#gone.delete(card.code)
    this.#cards.set(card.code, card)
    return known ? "changed" : "new"
  }

  /** A report left public view. True if it was there. */
  drop({ code, version }) {
    const known = this.#cards.get(code)
    if (known && known.version > version) return false
    this.#gone.set(code, version)
    return this.#cards.delete(code)
  }

  /** The newest known state, or undefined when unknown or gone. */
  get(code) {
    return this.#cards.get(code)
  }

  isGone({ code, version }) {
    return (this.#gone.get(code) ?? -1) >= version
  }

  forget() {
    this.#cards.clear()
    this.#gone.clear()
  }
}

/** Whether a card alone can't tell if it belongs into the view: only the server knows. Pure. */
export const isHidden = ({ locality = "", photo = "", words = "" }) => Boolean(locality || photo || words)

/**
 * Whether a card belongs into the view: `{group, category, status, municipality}` as in the page's
 * address; `keys` of the towns that the page is about, none for all.
 * The default view shows what is open or was closed lately; a card that just came is late enough.
 */
export function fits(card, { group = "", category = "", status = "", municipality = "", keys = [] } = {}) {
  if (keys.length > 0 && !keys.includes(card.municipality)) return false
  if (municipality && !municipality.split(",").includes(card.municipality)) return false
  if (group && card.group !== group) return false
  if (category && card.category !== category) return false
  if (status === "all") return true
  if (status === "open") return OPEN.has(card.status)
  if (status && status !== "current") return status.split(",").includes(card.status)
  return card.status !== "duplicate"
}
