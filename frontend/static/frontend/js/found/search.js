// The public search: filters take effect without a new page, and the count is live. The server
// renders all of it; this only puts its pieces in place.

import { live } from "#js/live.js"

const MAP = "#js/found/map.js"
const SETTLE_MS = 800 // a stock that is taken over rings often
const SPREAD_MS = 2500 // not every open page asks at once

class LiveFound extends HTMLElement {
  #timer
  #run = null

  connectedCallback() {
    this.form = document.querySelector(".found-form")
    this.form.addEventListener("change", ({ target }) => this.#changed(target))
    this.addEventListener("click", (event) => this.#pressed(event))
    this.end = live.subscribe([this.dataset.topic], {
      cursor: this.dataset.cursor,
      onMessage: () => this.#soon(),
      onResync: () => this.#soon(),
    })
    this.#map()
    const chosen = this.form.querySelector('[aria-pressed="true"]')
    if (chosen) chosen.parentElement.scrollLeft = chosen.offsetLeft - chosen.offsetWidth
  }

  disconnectedCallback() {
    this.end?.()
    clearTimeout(this.#timer)
  }

  get #results() {
    return this.querySelector(".found-results")
  }

  /** A choice (not typed words, which want their button) shows its results at once. */
  async #changed(target) {
    if (!target.matches("select, [type=date]")) return
    const query = this.#query()
    const fresh = await this.#fetch(query)
    if (!fresh) return
    history.replaceState(history.state, "", `${this.dataset.page}?${query}`)
    this.#replace(fresh)
    this.#say(fresh.querySelector("h2").textContent)
  }

  #query() {
    const said = new URLSearchParams()
    for (const [name, value] of new FormData(this.form)) if (value) said.set(name, value)
    return said.toString()
  }

  // ── News ──
  #soon() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), SETTLE_MS + Math.random() * SPREAD_MS)
  }

  /** The heading counts at once; what is new in the list waits for its reader. */
  async #look() {
    const fresh = await this.#fetch(location.search.slice(1))
    if (!fresh) return
    const old = this.#results
    const words = fresh.querySelector("h2").textContent
    if (fresh.dataset.newest === old.dataset.newest && fresh.dataset.n === old.dataset.n) return
    old.querySelector("h2").textContent = words
    old.dataset.n = fresh.dataset.n
    this.#say(words)
    this.#offer(fresh)
  }

  #offer(fresh) {
    this.querySelector(".found-news")?.remove()
    const line = document.getElementById("found-news").content.cloneNode(true)
    line.querySelector("button").addEventListener("click", () => {
      this.querySelector(".found-news").remove()
      this.#replace(fresh)
      this.#results.querySelector("h2").focus()
    })
    this.#results.before(line)
  }

  // ── Pages ──
  async #pressed(event) {
    const more = event.target.closest("[data-more]")
    if (!more) return
    event.preventDefault()
    more.setAttribute("aria-busy", "true")
    const page = await this.#fetch(more.dataset.more.split("?")[1])
    more.removeAttribute("aria-busy")
    const cards = [...(page?.querySelector(".found-list")?.children ?? [])]
    if (!cards.length) return
    this.querySelector(".found-list").append(...cards)
    const next = page.querySelector(".pagination")
    const old = more.closest(".pagination")
    if (next) old.replaceWith(next)
    else old.remove()
    cards[0].querySelector("a").focus()
  }

  /** The results of a query as an element; null where it failed or another one overtook it. */
  async #fetch(query) {
    this.#run?.abort()
    const run = new AbortController()
    this.#run = run
    const busy = setTimeout(() => this.#results.setAttribute("aria-busy", "true"), 300)
    try {
      const answer = await fetch(`${this.dataset.source}?${query}`, { signal: run.signal, credentials: "omit" })
      if (!answer.ok) return null
      const page = new DOMParser().parseFromString(await answer.text(), "text/html")
      return page.querySelector(".found-results")
    } catch {
      return null
    } finally {
      clearTimeout(busy)
      this.#results.removeAttribute("aria-busy")
    }
  }

  #replace(fresh) {
    this.querySelector(".found-news")?.remove()
    this.#results.replaceWith(document.adoptNode(fresh))
    this.#map()
  }

  #say(words) {
    this.querySelector("[data-announce]").textContent = words
  }

  /** The map's code is fetched only where there is a map. */
  #map() {
    if (this.querySelector("found-map")) import(MAP)
  }
}

customElements.define("live-found", LiveFound)
