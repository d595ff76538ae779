// <live-report>: hears of a change, asks for the page's own fragment and puts it in place.

import { live } from "#js/live.js"
import { patch } from "#js/report/exchange.js"

class LiveReport extends HTMLElement {
  connectedCallback() {
    this.end = live.subscribe([this.dataset.topic], {
      cursor: this.dataset.cursor,
      onMessage: () => this.#refresh(),
      onResync: () => this.#refresh(),
    })
    this.addEventListener("report:changed", () => this.#refresh()) // by this very page
  }

  disconnectedCallback() {
    this.end?.()
  }

  /** One question at a time; what rings meanwhile is asked once more afterwards. */
  async #refresh() {
    if (this.isAsking) {
      this.isStale = true
      return
    }
    this.isAsking = true
    try {
      await this.#fetch()
    } finally {
      this.isAsking = false
    }
    if (this.isStale) {
      this.isStale = false
      this.#refresh()
    }
  }

  async #fetch() {
    const before = new Set([...this.querySelectorAll("[data-event]")].map((row) => row.dataset.event))
    const response = await fetch(this.dataset.source, { credentials: "omit", cache: "no-store" })
    // Taken out of public view, withdrawn or expired: the page itself says so.
    if ([404, 410].includes(response.status) || response.redirected) location.reload()
    if (!response.ok) return
    const changed = patch(this, await response.text())
    if (!changed.length) return
    for (const row of this.querySelectorAll("[data-event]")) {
      row.classList.toggle("fresh", !before.has(row.dataset.event))
    }
    this.dispatchEvent(new CustomEvent("report:patched"))
    this.#announce(changed)
  }

  #announce(changed) {
    const state = changed.find((part) => part.dataset.say)
    const line = this.querySelector("[data-announce]")
    line.textContent = state ? state.dataset.say : line.dataset.news
  }
}

customElements.define("live-report", LiveReport)
