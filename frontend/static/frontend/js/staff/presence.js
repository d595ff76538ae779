// "Frau Kaya sieht sich das gerade an": said by each open report to the others, kept by nobody.
// Only where the town wants it: then the report's line for it stands in the page.

import { live } from "#js/live.js"

const BEAT_MS = 20_000
const SILENT_MS = 45_000
const WRITES_MS = 8_000

class CasePresence extends HTMLElement {
  #others = new Map() // user → {name, state, at}
  #state = "looks"
  #timers = []
  #end = () => {}
  #abort = new AbortController()

  connectedCallback() {
    this.#end = live.subscribe([this.dataset.topic], { onMessage: (message) => this.#hear(message) })
    this.#say("looks")
    this.#timers.push(setInterval(() => this.#say(this.#state), BEAT_MS), setInterval(() => this.#show(), 5_000))
    const { signal } = this.#abort
    this.closest(".case")?.addEventListener("input", () => this.#write(), { signal })
    addEventListener("pagehide", () => this.#say("gone"), { signal })
  }

  disconnectedCallback() {
    this.#end()
    this.#abort.abort()
    for (const timer of this.#timers) clearInterval(timer)
    clearTimeout(this.resting)
    this.#say("gone")
  }

  #write() {
    clearTimeout(this.resting)
    this.resting = setTimeout(() => this.#say("looks"), WRITES_MS)
    if (this.#state !== "writes") this.#say("writes")
  }

  #say(state) {
    this.#state = state
    const body = new FormData()
    body.append("state", state)
    body.append("csrfmiddlewaretoken", this.dataset.token)
    fetch(this.dataset.url, { method: "POST", body, keepalive: true, credentials: "same-origin" }).catch(() => {})
  }

  #hear({ kind, user, name, state }) {
    if (kind !== "presence" || user === Number(this.dataset.me)) return
    const isNew = !this.#others.has(user)
    if (state === "gone") this.#others.delete(user)
    else this.#others.set(user, { name, state, at: Date.now() })
    if (isNew && state !== "gone") this.#say(this.#state) // who has just come shall know of us
    this.#show()
  }

  #show() {
    for (const [user, { at }] of this.#others) if (Date.now() - at > SILENT_MS) this.#others.delete(user)
    const words = [...this.#others.values()].map(({ name, state }) => this.dataset[state].replace("{name}", name))
    const line = words.join(" · ")
    if (this.textContent !== line) this.textContent = line
  }
}

customElements.define("case-presence", CasePresence)
