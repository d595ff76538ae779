// <stock-tally>: how far the stocktaking is, for everybody who scans for it.

import { live } from "#js/live.js"
import { fetchPiece } from "#js/staff/fragments.js"
import "#js/staff/scan-desk.js"

const PAUSE_MS = 400

class StockTally extends HTMLElement {
  #timer = 0
  #end = () => {}

  connectedCallback() {
    const { topics, cursor } = JSON.parse(document.getElementById("stock-live").textContent)
    this.#end = live.subscribe(topics, {
      cursor,
      onMessage: (message) => this.#hear(message),
      onResync: () => this.#soon(),
    })
    document.addEventListener("scans:sent", this)
  }

  disconnectedCallback() {
    this.#end()
    clearTimeout(this.#timer)
    document.removeEventListener("scans:sent", this)
  }

  handleEvent() {
    this.#soon()
  }

  #hear({ kind, number }) {
    if (kind === "stock" && number === Number(this.dataset.number)) this.#soon()
  }

  #soon() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#refresh(), PAUSE_MS)
  }

  async #refresh() {
    try {
      const { status, url, content } = await fetchPiece(location.pathname)
      const tally = content?.querySelector("[data-tally]")
      if (status === 200 && tally) this.replaceChildren(tally)
      else location.assign(url)
    } catch {
      // Without a network the numbers wait for the next scan.
    }
  }
}

customElements.define("stock-tally", StockTally)
