// <taking-in>: a report taken in by staff, by keyboard. After each answer that decides something it asks
// the server for the page again and takes over the parts that changed: no rule and no sentence here.

import "#js/found/place-field.js"
import "#js/fund/kind-picker.js"
import { patch } from "#js/report/exchange.js"

const REST_MS = 250

class TakingIn extends HTMLElement {
  #stop = null
  #timer = 0

  connectedCallback() {
    this.form = this.querySelector("form")
    for (const words of this.querySelectorAll("[data-js]")) words.hidden = false
    this.#hidePlain()
    this.addEventListener("change", ({ target }) => this.#changed(target))
    this.addEventListener("input", ({ target }) => this.#typed(target))
    this.addEventListener("keydown", (event) => this.#key(event))
    this.addEventListener("place:taken", ({ detail }) => this.#located(detail))
    const problems = this.querySelector("[data-error-summary]")
    const first = problems ?? this.querySelector("#place")
    first.focus()
  }

  #hidePlain() {
    for (const plain of this.querySelectorAll("[data-plain]")) plain.hidden = true
  }

  #changed(target) {
    if (target.matches("[name=category], [name=spot], #part-questions :is(input, select)")) this.#ask()
  }

  #typed(target) {
    if (!target.matches("[data-asks='typing']")) return
    clearTimeout(this.#timer)
    if (target.value.trim().length > 2) this.#timer = setTimeout(() => this.#ask(), REST_MS)
  }

  /** From the map: the point as if it had been chosen among what the words brought up. */
  #located({ at, words }) {
    clearTimeout(this.#timer)
    this.#ask({ spot: at.map((degrees) => degrees.toFixed(6)).join(), place_before: words })
  }

  #key(event) {
    if (event.key !== "Enter" || event.defaultPrevented) return
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      this.form.requestSubmit(this.form.querySelector("[value=save]"))
    } else if (event.target.matches("input, select")) {
      event.preventDefault()
      this.#next(event.target)
    }
  }

  #next(from) {
    const fields = [...this.form.querySelectorAll("input:not([type=hidden]), select, textarea, button[value=save]")]
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
      this.#hidePlain()
    } catch (error) {
      if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error
    }
  }
}

customElements.define("taking-in", TakingIn)
