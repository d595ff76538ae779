// A form of staff that is filled in by keys. After each answer that decides something it asks the server for
// the page again and takes over the parts that changed: no rule and no sentence lives here. An element that
// extends this names the fields that decide, those that Enter leads through, and the first.

import { patch } from "#js/report/exchange.js"

export class AskingForm extends HTMLElement {
  decides = "" // a selector: a change in one of these asks at once
  stops = "" // a selector: Enter leads from one of these to the next
  restMs = 250 // without a key before what is typed is asked about
  #stop = null
  #timer = 0
  #answer = Promise.resolve()

  /** What has the focus on arrival. */
  get first() {
    return null
  }

  connectedCallback() {
    this.form = this.querySelector("form")
    for (const words of this.querySelectorAll("[data-js]")) words.hidden = false
    this.#hidePlain()
    this.addEventListener("change", ({ target }) => this.changed(target))
    this.addEventListener("input", ({ target }) => this.#typed(target))
    this.addEventListener("keydown", (event) => this.#key(event))
    this.addEventListener("place:taken", ({ detail }) => this.#located(detail))
    const problems = this.closest("main").querySelector(".error-summary")
    ;(problems ?? this.first)?.focus()
  }

  changed(target) {
    if (target.matches(this.decides)) this.ask()
  }

  /** One question at a time; the newest answer wins. `more`: fields that go along. */
  ask(more = {}) {
    clearTimeout(this.#timer)
    this.#answer = this.#fetch(more)
    return this.#answer
  }

  /** When the newest question is answered: at once where none is open. */
  get answered() {
    return this.#answer
  }

  async #fetch(more) {
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

  /** What only a page without a script needs. */
  #hidePlain() {
    for (const plain of this.querySelectorAll("[data-plain]")) plain.hidden = true
  }

  #typed(target) {
    if (!target.matches("[data-asks='typing']")) return
    clearTimeout(this.#timer)
    if (target.value.trim().length > 2) this.#timer = setTimeout(() => this.ask(), this.restMs)
  }

  /** From the map: the point as if it had been chosen among what the words brought up. */
  #located({ at, words }) {
    this.ask({ spot: at.map((degrees) => degrees.toFixed(6)).join(), place_before: words })
  }

  /** A scanner ends with Enter: on to the next field. Ctrl + Enter takes it in. */
  #key(event) {
    if (event.key !== "Enter" || event.defaultPrevented) return
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault()
      this.form.requestSubmit(this.form.querySelector("[value=save]"))
    } else if (event.target.matches("input:not([type=file]), select")) {
      event.preventDefault()
      this.goOn(event.target)
    }
  }

  /** Enter was pressed in a field. */
  goOn(from) {
    this.next(from)?.focus()
  }

  /** The field that follows one; the other choices of the same question are passed over. */
  next(from, stops = this.stops) {
    const reachable = [...this.form.querySelectorAll(stops)].filter((each) => each.tabIndex >= 0 && !each.disabled && each.checkVisibility())
    const isAfter = (each) => from.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING
    return reachable.find((each) => isAfter(each) && !(each.type === "radio" && each.name === from.name))
  }
}
