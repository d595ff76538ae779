// <session-end>: two minutes before a session ends it says so, and one press keeps it. It asks the
// server how long there is, so that whatever another tab has done counts; asking prolongs nothing.

import { minutes, plan } from "#js/staff/session-clock.js"

const KEPT = "session-until" // all tabs: epoch in ms, so that not every page has to ask

class SessionEnd extends HTMLElement {
  #timer = 0
  #abort = new AbortController()

  connectedCallback() {
    const { signal } = this.#abort
    this.form = this.querySelector("form")
    this.form.addEventListener("submit", (event) => this.#prolong(event), { signal })
    document.addEventListener("visibilitychange", () => document.hidden || this.#look(), { signal })
    const known = Number(sessionStorage.getItem(KEPT)) - Date.now()
    this.#follow(known > 0 ? Math.floor(known / 1000) : 0, { isSure: false })
  }

  disconnectedCallback() {
    this.#abort.abort()
    clearTimeout(this.#timer)
  }

  /** What is kept may be old: before anything is said the server is asked. */
  #follow(left, { isSure }) {
    clearTimeout(this.#timer)
    const { state, again } = plan(left)
    if (state !== "quiet" && !isSure) return void this.#look()
    this.#say(state, left)
    if (again !== null) this.#timer = setTimeout(() => this.#look(), again * 1000)
  }

  async #look() {
    await this.#ask({ method: "GET" })
  }

  async #prolong(event) {
    event.preventDefault()
    await this.#ask({ method: "POST", body: new FormData(this.form) })
    if (this.dataset.state === "quiet") this.#tell("kept")
  }

  async #ask(options) {
    try {
      const answer = await fetch(this.form.action, { ...options, credentials: "same-origin" })
      if (!answer.ok && answer.status !== 401) throw new TypeError(`status ${answer.status}`)
      const { left } = await answer.json()
      sessionStorage.setItem(KEPT, String(Date.now() + left * 1000))
      this.#follow(left, { isSure: true })
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#look(), 60_000) // no network: it may be back in a minute
    }
  }

  #say(state, left) {
    this.dataset.state = state
    this.hidden = state === "quiet"
    this.form.hidden = state !== "warn"
    this.querySelector("[data-minutes]").textContent = String(minutes(left))
    for (const words of this.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== state
  }

  /** Said once, and gone with the next look. */
  #tell(what) {
    this.hidden = false
    for (const words of this.querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== what
    setTimeout(() => { if (this.dataset.state === "quiet") this.hidden = true }, 6000)
  }
}

customElements.define("session-end", SessionEnd)
