// The board of deadlines: its counters follow what happens at the counter. Rows stay where they
// are while somebody reads and chooses; the next page load brings them.

import { live } from "#js/live.js"
import { fetchPiece } from "#js/staff/fragments.js"

const GATHER_MS = 400 // a deed for many rings once for each thing

class LiveBoard extends HTMLElement {
  #end = () => {}
  #timer = 0

  connectedCallback() {
    const { topic, cursor } = this.dataset
    const read = () => this.#soon()
    this.#end = live.subscribe([topic], { cursor, onMessage: read, onResync: read })
  }

  disconnectedCallback() {
    this.#end()
    clearTimeout(this.#timer)
  }

  #soon() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#read(), GATHER_MS)
  }

  async #read() {
    const piece = await fetchPiece(this.dataset.source).catch(() => null)
    const fresh = piece?.content?.querySelector("[data-tabs]")
    if (!fresh) return
    const old = this.querySelector("[data-tabs]")
    const had = [...old.querySelectorAll("a")].indexOf(document.activeElement)
    old.replaceWith(fresh)
    if (had >= 0) fresh.querySelectorAll("a")[had]?.focus()
  }
}

customElements.define("live-board", LiveBoard)
