// The list beside the map. The server renders it; this puts pieces of it in place. It never jumps
// under the reader: what is new waits behind a button.

import { Announcer } from "#js/parts/announcer.js"
import { queryOf } from "#js/home/address.js"

export class List extends EventTarget {
  #section
  #results
  #news
  #config
  #announcer
  #waiting = new Set()
  #asked = {}
  #run = null

  constructor(section, config) {
    super()
    this.#section = section
    this.#config = config
    this.#results = section.querySelector(".home-results")
    this.#news = section.querySelector(".news")
    this.#announcer = new Announcer(section.querySelector('[role="status"]'))
    this.#news.addEventListener("click", () => this.#showNews())
    this.#results.addEventListener("click", (event) => this.#pressed(event))
    for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
      this.#results.addEventListener(name, ({ target }) => this.#lit(target, on))
    }
  }

  /** Ask the server for the list of `{box, group, status}` and show it. */
  async show(asked) {
    this.#asked = asked
    const query = queryOf({ ...asked, box: asked.box?.map((degrees) => degrees.toFixed(5)).join(",") })
    const html = await this.#fetch(`${this.#config.list}?${query}`)
    if (html === null) return
    this.#results.replaceChildren(...parsed(html))
    this.#waiting.clear()
    this.#count()
  }

  /** A report that is not listed came into view. */
  came({ code }) {
    if (this.#card(code)) return this.changed({ code })
    this.#waiting.add(code)
    this.#count()
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
    this.#count()
    this.#card(code)?.classList.add("gone")
  }

  choose(code) {
    for (const card of this.#results.querySelectorAll(".report-card")) {
      if (card.dataset.code === code) card.setAttribute("aria-current", "true")
      else card.removeAttribute("aria-current")
    }
    const scrolls = getComputedStyle(this.#section).overflowY !== "visible"
    if (scrolls) this.#card(code)?.scrollIntoView({ block: "nearest" })
  }

  light(code, on) {
    this.#card(code)?.classList.toggle("lit", on)
  }

  #card(code) {
    return this.#results.querySelector(`.report-card[data-code="${CSS.escape(code)}"]`)
  }

  #count() {
    const n = this.#waiting.size
    this.#news.hidden = n === 0
    if (n === 0) return
    const { one, many } = this.#news.dataset
    this.#news.textContent = (n === 1 ? one : many).replace("{n}", n)
  }

  async #showNews() {
    await this.show(this.#asked)
    this.#results.querySelector("h2")?.focus()
    this.#section.scrollTo?.({ top: 0 })
  }

  async #pressed(event) {
    const more = event.target.closest("[data-more]")
    const chip = event.target.closest("[data-removes]")
    if (more) {
      event.preventDefault()
      await this.#append(more)
    } else if (chip && chip.dataset.removes !== "near") {
      event.preventDefault()
      this.dispatchEvent(new CustomEvent("card:removes", { detail: chip.dataset.removes }))
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
    const waits = setTimeout(() => this.#results.setAttribute("aria-busy", "true"), 300)
    try {
      return await text(address, run.signal)
    } finally {
      clearTimeout(waits)
      if (this.#run === run) this.#results.removeAttribute("aria-busy")
    }
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
