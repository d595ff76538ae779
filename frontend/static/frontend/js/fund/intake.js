// <fund-intake>: the counter's form. After each answer that decides something it asks the server for
// the page again and takes over the parts that changed: no rule and no sentence lives here.

import "#js/found/place-field.js"
import "#js/fund/kind-picker.js"
import { patch } from "#js/report/exchange.js"

const REST_MS = 350
const QUIET_KEYS = new Set(["Enter"])

class Intake extends HTMLElement {
  #stop = null
  #timer = 0

  connectedCallback() {
    this.form = this.querySelector("form")
    for (const words of this.querySelectorAll("[data-js]")) words.hidden = false
    for (const plain of this.querySelectorAll("[data-plain]")) plain.hidden = true
    this.addEventListener("change", (event) => this.#changed(event))
    this.addEventListener("input", (event) => this.#typed(event))
    this.addEventListener("click", (event) => this.#pressed(event))
    this.addEventListener("keydown", (event) => this.#key(event))
    this.addEventListener("place:taken", (event) => this.#located(event.detail))
    document.querySelector("#fehler")?.focus()
    if (!document.querySelector("#fehler")) this.#first()?.focus()
  }

  #first() {
    return this.querySelector("kind-picker input") ?? this.querySelector("#id_kind")
  }

  #changed({ target }) {
    const decides = target.matches("select[data-asks], input[data-asks]:not([data-asks='typing']), #id_found_on, #id_notice_on, #id_amount, #id_circumstance")
    if (target.dataset.name) this.form.elements.place.value = target.dataset.name
    const isRadio = target.matches("[name=value], [name=finder], [name=consent], [name=spot]")
    if (decides || isRadio) this.#ask()
  }

  #typed({ target }) {
    if (!target.matches("[data-asks='typing']")) return
    clearTimeout(this.#timer)
    if (target.value.trim().length > 2) this.#timer = setTimeout(() => this.#ask(), REST_MS)
  }

  #pressed(event) {
    const more = event.target.closest("[data-asks='more']")
    const unwanted = event.target.closest("[data-remove]")
    if (!more && !unwanted) return
    event.preventDefault()
    this.#ask(unwanted ? { remove: unwanted.value } : {})
  }

  /** From the map: the point as if it had been chosen among what the words brought up. */
  #located({ at, words }) {
    clearTimeout(this.#timer)
    this.#ask({ spot: at.map((degrees) => degrees.toFixed(6)).join(), place_before: words })
  }

  /** A scanner ends with Enter: on to the next field. Ctrl + Enter takes the thing in. */
  #key(event) {
    if (!QUIET_KEYS.has(event.key) || event.defaultPrevented) return
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      this.form.requestSubmit(this.form.querySelector("[value=save]"))
    } else if (event.target.matches("input:not([type=file]), select")) {
      event.preventDefault()
      this.#next(event.target)
    }
  }

  #next(from) {
    const fields = [...this.form.querySelectorAll("input:not([type=hidden]), select, textarea, button:not([data-open-map])")]
    const reachable = fields.filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility())
    const others = reachable.slice(reachable.indexOf(from) + 1)
    others.find((each) => !(each.type === "radio" && each.name === from.name))?.focus()
  }

  /** One question at a time; the newest answer wins. */
  async #ask(more = {}) {
    this.#stop?.abort()
    this.#stop = new AbortController()
    const body = new FormData(this.form)
    body.set("action", "look")
    for (const [name, value] of Object.entries(more)) body.set(name, value)
    try {
      const response = await fetch(this.form.getAttribute("action"), {
        method: "POST",
        body,
        headers: { "X-Fragment": "1" },
        credentials: "same-origin",
        signal: this.#stop.signal,
      })
      if (response.status === 401) return // the session is over: saving asks to sign in, and keeps all
      if (response.ok) patch(this, await response.text())
      for (const plain of this.querySelectorAll("[data-plain]")) plain.hidden = true
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error
    }
  }
}

customElements.define("fund-intake", Intake)
