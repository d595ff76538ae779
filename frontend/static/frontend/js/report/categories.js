// <category-list>: words find a category. Tiles that do not fit are hidden at once; a moment later
// the server says which ones it takes for likely (stems, typos, everyday words), also from what
// the description says. A category that was tapped folds the others away. (The arrow keys wander
// through them, so they fold nothing.)

import "#js/report/questions.js"
import { matches } from "#js/report/words.js"

const PAUSE_MS = 180
const SHOWN = 3

class CategoryList extends HTMLElement {
  #likely = new Set()
  #clock = 0
  #running = null

  connectedCallback() {
    this.field = this.querySelector("input[type=search]")
    this.form = this.closest("form")
    this.field?.addEventListener("input", () => this.#typed())
    this.field?.addEventListener("keydown", (event) => this.#entered(event))
    this.form.addEventListener("input", (event) => {
      if (event.target.name === "description" && !this.#chosen) this.#askSoon(event.target.value)
    })
    this.form.addEventListener("click", (event) => this.#pressed(event))
    this.fold(Boolean(this.#chosen))
    if (this.field?.value.trim()) this.#typed() // before this script was there
  }

  get #chosen() {
    return this.querySelector("[name=category]:checked")
  }

  fold(isFolded) {
    this.toggleAttribute("data-folded", isFolded)
  }

  #pressed(event) {
    const chip = event.target.closest("[name=pick]")
    if (chip && this.contains(chip)) this.#take(event, chip.value)
    if (event.target.matches("[name=category]") && event.detail > 0) this.fold(true)
    if (!event.target.closest("[data-others]")) return
    event.preventDefault()
    this.fold(false)
    this.#chosen?.focus()
    this.scrollIntoView({ block: "start" })
  }

  /** A suggestion stands for its tile. */
  #take(event, code) {
    const tile = this.querySelector(`[name=category][value="${CSS.escape(code)}"]`)
    if (!tile) return
    event.preventDefault()
    if (!tile.checked) tile.click()
    this.fold(true)
    tile.focus()
  }

  #typed() {
    this.#likely.clear()
    this.filter()
    this.#askSoon(this.field.value)
  }

  filter() {
    if (!this.#chosen) this.fold(false)
    const query = this.field?.value.trim() ?? ""
    let any = false
    for (const group of this.querySelectorAll("[data-group]")) {
      let inGroup = false
      for (const tile of group.querySelectorAll("[data-words]")) {
        const input = tile.querySelector("input")
        const fits =
          !query || input.checked || this.#likely.has(input.value) || matches(tile.dataset.words, query)
        tile.hidden = !fits
        inGroup ||= fits
      }
      group.hidden = !inGroup
      any ||= inGroup
    }
    const none = this.querySelector("[data-no-match]")
    none.hidden = any || this.#running !== null
  }

  // ── What the server takes for likely ─────────────────────────────────────────────────────
  #askSoon(text) {
    clearTimeout(this.#clock)
    this.#running?.abort()
    this.#running = null
    if (text.trim().length < 3) return
    this.#clock = setTimeout(() => this.#ask(text), PAUSE_MS)
  }

  async #ask(text) {
    const stop = (this.#running = new AbortController())
    try {
      const response = await fetch(this.dataset.url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text, ...this.#place() }),
        credentials: "omit",
        signal: stop.signal,
      })
      if (response.ok) this.#show(await response.json())
    } catch {
      // Without an answer the tiles that fit by their letters stay.
    }
    if (this.#running === stop) this.#running = null
    this.filter()
  }

  #place() {
    const [lon, lat] = (this.form.elements.spot?.value ?? "").split(",").map(Number)
    return Number.isFinite(lon) && Number.isFinite(lat) ? { lat, lon } : {}
  }

  #show(suggestions) {
    const row = this.querySelector("[data-suggestions]")
    const tiles = suggestions
      .map(({ code }) => this.querySelector(`[name=category][value="${CSS.escape(code)}"]`)?.closest("label"))
      .filter(Boolean)
    const said = suggestions.filter(({ by }) => by === "words").slice(0, SHOWN)
    if (this.field.value.trim()) this.#likely = new Set(said.map(({ code }) => code))
    row.querySelector(".chips").replaceChildren(...tiles.slice(0, SHOWN).map(chipOf))
    row.hidden = tiles.length === 0
    const told = this.querySelector("[data-suggested]")
    const names = tiles.slice(0, SHOWN).map((tile) => tile.textContent.trim())
    told.textContent = names.length ? told.dataset.pattern.replace("{names}", names.join(", ")) : ""
  }

  /** Enter takes the category if only one is left, else the likeliest. */
  #entered(event) {
    if (event.key !== "Enter") return
    event.preventDefault()
    const left = [...this.querySelectorAll("[data-words]:not([hidden]) input:not(:checked)")]
    const shown = left.filter((input) => !input.closest("[data-group]").hidden)
    if (shown.length === 1) this.#take(event, shown[0].value)
    else this.querySelector("[name=pick]")?.focus()
  }
}

/** A button that says what the tile says. */
function chipOf(tile) {
  const chip = Object.assign(document.createElement("button"), {
    name: "pick",
    value: tile.querySelector("input").value,
    className: "category-chip",
  })
  chip.append(tile.querySelector("svg").cloneNode(true), tile.textContent.trim())
  return chip
}

customElements.define("category-list", CategoryList)
