// The list beside the map. The server renders it; this puts pieces of it in place. It never jumps
// under the reader: what is new waits behind a button.

import { Announcer } from "#js/parts/announcer.js"
import { queryOf } from "#js/home/address.js"

const MOST_COUNTED = 1000 // as the server (map_list.py)
const FRESH = new Set(["near", "municipality"]) // their chips lead to a page of its own

export class List extends EventTarget {
  #section
  #results
  #news
  #config
  #announcer
  #waiting = new Set()
  #asked = null
  #run = null
  #isOld = false

  constructor(section, config) {
    super()
    this.#section = section
    this.#config = config
    this.#results = section.querySelector(".home-results")
    this.#news = section.querySelector(".news")
    this.#announcer = new Announcer(section.querySelector('[role="status"][data-one]'))
    this.#news.addEventListener("click", () => this.#showNews())
    this.#results.addEventListener("click", (event) => this.#pressed(event))
    this.#error.querySelector("button").addEventListener("click", () => this.again())
    for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
      this.#results.addEventListener(name, ({ target }) => this.#lit(target, on))
    }
  }

  /** Ask the server for the list of `{box, group, status, …}` and show it. */
  async show(asked) {
    this.#asked = asked
    const query = queryOf({ ...asked, box: asked.box?.map((degrees) => degrees.toFixed(5)).join(",") })
    const html = await this.#fetch(`${this.#config.list}?${query}`)
    if (html === null) return
    this.#results.replaceChildren(...parsed(html))
    this.age(this.#isOld)
    this.#waiting.clear()
    this.#countNews()
  }

  /** Once more what was asked last; the page itself, if nothing was. */
  again() {
    if (this.#asked) this.show(this.#asked)
    else this.#error.hidden = true
  }

  /** Whether the list can't be told to be fresh: then it says of when it is. */
  age(isOld) {
    this.#isOld = isOld
    const line = this.#results.querySelector(".as-of")
    if (line) line.hidden = !isOld
  }

  /** So many more reports (or fewer) fit the view than its heading says. */
  count(more) {
    const head = this.#results.querySelector("h2")
    const n = Math.max(0, Number(head?.dataset.n) + more)
    if (!head || Number(head.dataset.n) > MOST_COUNTED) return
    head.dataset.n = n
    const { one, many } = head.dataset
    const number = new Intl.NumberFormat(this.#config.language).format(n)
    head.querySelector(".n").textContent = (n === 1 ? one : many).replace("{n}", number)
  }

  get #error() {
    return this.#section.querySelector(".home-error")
  }

  /** A report that is not listed came into view. */
  came({ code }) {
    if (this.#card(code)) return this.changed({ code })
    this.#waiting.add(code)
    this.#countNews()
    this.#announcer.count(code)
  }

  /** A listed report changed: renew its card where it stands. */
  async changed({ code, version }) {
    const card = this.#card(code)
    if (!card || Number(card.dataset.version) >= version) return
    this.#announcer.count(code)
    const html = await this.#fetchCard(code)
    const fresh = html && parsed(html).find((node) => node.nodeType === Node.ELEMENT_NODE)
    if (!fresh || !card.isConnected) return
    fresh.classList.add("changed")
    const had = card.contains(document.activeElement)
    card.replaceWith(fresh)
    if (had) fresh.querySelector("a").focus()
  }

  gone({ code }) {
    this.#waiting.delete(code)
    this.#countNews()
    this.#card(code)?.classList.add("gone")
  }

  choose(code) {
    for (const card of this.#results.querySelectorAll(".report-card")) {
      if (card.dataset.code === code) card.setAttribute("aria-current", "true")
      else card.removeAttribute("aria-current")
    }
    const side = this.#section.closest(".home-side")
    if (getComputedStyle(side).overflowY === "auto") this.#card(code)?.scrollIntoView({ block: "nearest" })
  }

  light(code, on) {
    this.#card(code)?.classList.toggle("lit", on)
  }

  #card(code) {
    return this.#results.querySelector(`.report-card[data-code="${CSS.escape(code)}"]`)
  }

  #countNews() {
    const n = this.#waiting.size
    this.#news.hidden = n === 0
    if (n === 0) return
    const { one, many } = this.#news.dataset
    this.#news.textContent = (n === 1 ? one : many).replace("{n}", n)
  }

  async #showNews() {
    if (!this.#asked) return location.reload()
    await this.show(this.#asked)
    this.#results.querySelector("h2")?.focus()
    this.#section.scrollIntoView({ block: "start" })
  }

  async #pressed(event) {
    const more = event.target.closest("[data-more]")
    const chip = event.target.closest("[data-removes]")
    const sort = event.target.closest("[data-sort]")
    if (more) {
      event.preventDefault()
      await this.#append(more)
    } else if (chip && !FRESH.has(chip.dataset.removes)) {
      event.preventDefault()
      this.dispatchEvent(new CustomEvent("card:removes", { detail: chip.dataset.removes }))
    } else if (sort) {
      event.preventDefault()
      this.dispatchEvent(new CustomEvent("list:sort", { detail: sort.dataset.sort }))
    }
  }

  /** „Mehr anzeigen“: the next page goes below, the focus to its first card. */
  async #append(link) {
    link.setAttribute("aria-busy", "true")
    const html = await this.#fetch(link.dataset.more)
    link.removeAttribute("aria-busy")
    if (html === null) return
    const page = parsed(html)
    const found = (selector) => page.map((node) => node.querySelector?.(selector) ?? (node.matches?.(selector) ? node : null)).find(Boolean)
    const cards = [...(found(".report-list")?.children ?? [])]
    this.#results.querySelector(".report-list").append(...cards)
    const next = found(".pagination")
    const old = link.closest(".pagination")
    if (next) old.replaceWith(next)
    else old.remove()
    cards[0]?.querySelector("a")?.focus()
  }

  #lit(target, on) {
    const card = target.closest?.(".report-card")
    if (!card) return
    this.dispatchEvent(new CustomEvent("card:lit", { detail: { code: card.dataset.code, on } }))
  }

  #fetchCard(code) {
    return text(this.#config.card.replace("00000000", code))
  }

  /** The text of an address, or null when it failed or another question overtook it. */
  async #fetch(address) {
    this.#run?.abort()
    const run = new AbortController()
    this.#run = run
    const waits = setTimeout(() => this.#busy(true), 300)
    const html = await text(address, run.signal)
    clearTimeout(waits)
    if (this.#run !== run) return null
    this.#busy(false)
    this.#error.hidden = html !== null
    return html
  }

  #busy(on) {
    this.#results.setAttribute("aria-busy", String(on))
    this.#section.querySelector(".home-loading").hidden = !on
  }
}

async function text(address, signal) {
  try {
    const answer = await fetch(address, { signal, credentials: "omit" })
    return answer.ok ? await answer.text() : null
  } catch {
    return null
  }
}

const parsed = (html) => [...new DOMParser().parseFromString(html, "text/html").body.childNodes]
