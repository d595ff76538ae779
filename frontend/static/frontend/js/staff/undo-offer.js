// <undo-offer>: the button that takes a deed back, for as long as that is possible.

class UndoOffer extends HTMLElement {
  #timer = null

  connectedCallback() {
    this.until ??= performance.now() + Number(this.dataset.seconds) * 1000
    this.#timer = setTimeout(() => this.#end(), Math.max(0, this.until - performance.now()))
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  get form() {
    return this.querySelector("form")
  }

  #end() {
    this.dispatchEvent(new CustomEvent("undo:over", { bubbles: true }))
    const note = this.closest(".case-message")
    if (note && this.contains(document.activeElement)) {
      note.tabIndex = -1 // not the whole page: there the focus would be lost
      note.focus()
    }
    this.remove()
  }
}

customElements.define("undo-offer", UndoOffer)

/** The offer of the last deed on this page; undefined: nothing can be taken back. */
export function lastOffer() {
  return [...document.querySelectorAll("undo-offer")].sort((one, other) => one.until - other.until).at(-1)
}
