// <fund-today>: numbers and lists of the start page, of claims, losses and finders' reports, asked for
// again when something has happened at the counter. Bells come in swarms: they are answered together, at most once in two seconds.

import { live } from "#js/live.js"
import { patch } from "#js/report/exchange.js"
import { fetchPiece } from "#js/staff/fragments.js"

const REST_MS = 2000

class FundToday extends HTMLElement {
  #end = () => {}
  #timer = null
  #asked = -Infinity

  connectedCallback() {
    const { topic, cursor } = this.dataset
    this.#end = live.subscribe([topic], { cursor, onMessage: () => this.#soon(), onResync: () => this.#soon() })
  }

  disconnectedCallback() {
    this.#end()
    clearTimeout(this.#timer)
  }

  #soon() {
    this.#timer ??= setTimeout(() => this.#ask(), Math.max(0, this.#asked + REST_MS - performance.now()))
  }

  async #ask() {
    this.#timer = null
    this.#asked = performance.now()
    const { status, content } = await fetchPiece(this.dataset.source)
    if (status !== 200 || !content) return
    const box = document.createElement("div")
    box.append(content)
    patch(this, box.innerHTML)
  }
}

customElements.define("fund-today", FundToday)
