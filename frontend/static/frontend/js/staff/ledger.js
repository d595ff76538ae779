// What the desk knows of its rows, and what becomes of a row that was rung for. Bells come late,
// doubled or out of order: the newest version wins. Pure, no DOM.

export class Ledger {
  #versions = new Map()
  #waiting = new Set()

  /** The page shows this row in this version. */
  shows(code, version) {
    this.#versions.set(code, Math.max(version, this.#versions.get(code) ?? 0))
    this.#waiting.delete(code)
  }

  /** Whether a bell tells something new. */
  isNews({ code, version }) {
    return version > (this.#versions.get(code) ?? 0)
  }

  /**
   * What to do with the row that the server just gave: "patch" it in place, let it "wait" behind
   * the pill, or "skip" it (an old version, or none of this list).
   */
  place({ code, version, belongs, isShown }) {
    if (!isShown && this.#waiting.has(code) && !belongs) {
      this.#waiting.delete(code)
      return "skip"
    }
    if (version < (this.#versions.get(code) ?? 0)) return "skip"
    this.#versions.set(code, version)
    if (isShown) return "patch"
    if (!belongs) return "skip"
    this.#waiting.add(code)
    return "wait"
  }

  /** The user may not see it any more. */
  forget(code) {
    this.#versions.delete(code)
    this.#waiting.delete(code)
  }

  get waiting() {
    return this.#waiting.size
  }

  /** Everything that waited is shown now. */
  showAll() {
    this.#waiting.clear()
  }
}
