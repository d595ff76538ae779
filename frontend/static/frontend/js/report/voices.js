// „Betrifft mich auch“: one press counts, another takes it back. Where the device can keep nothing
// (and without scripts) the button leads to a page that does the same.

import { held, hold } from "#js/report/held.js"
import { newId, Refused } from "#js/report/upload.js"

class VoiceButton extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[data-voice]")
    this.state = this.querySelector("[data-voice-state]")
    this.addEventListener("submit", (event) => this.#pressed(event))
    this.onStorage = () => this.#show()
    addEventListener("storage", this.onStorage) // another tab
    this.#show()
  }

  disconnectedCallback() {
    removeEventListener("storage", this.onStorage)
  }

  #show() {
    this.button.setAttribute("aria-pressed", String(Boolean(held(this.dataset.code)?.token)))
  }

  #pressed(event) {
    const { code } = this.dataset
    const voice = held(code) ?? { id: newId() }
    if (!hold(code, voice)) return
    event.preventDefault()
    if (this.button.getAttribute("aria-busy") === "true") return
    this.#say(voice.token ? this.#takeBack(voice) : this.#raise(voice))
  }

  async #say(deed) {
    this.button.setAttribute("aria-busy", "true")
    try {
      this.#tell(await deed)
      this.dispatchEvent(new CustomEvent("report:changed", { bubbles: true }))
    } catch (error) {
      this.#tell(error instanceof Refused ? error.message : this.dataset.wordsLost, { isError: true })
    }
    this.button.removeAttribute("aria-busy")
    this.#show()
  }

  /** That it worked can be seen; that it did not must be read. */
  #tell(words, { isError = false } = {}) {
    this.state.textContent = words
    this.state.classList.toggle("visually-hidden", !isError)
  }

  /** The id is kept before it is sent: whatever the network does, the same press counts once. */
  async #raise({ id }) {
    const answer = await this.#ask(this.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify({ client_id: id }),
    })
    if (answer.status === 429) throw new Refused((await answer.json()).detail)
    if (!answer.ok) throw new Error(answer.status)
    const { token } = await answer.json()
    hold(this.dataset.code, { token })
    return this.dataset.wordsCounted
  }

  /** What is not known any more counts no more: there is nothing to take back. */
  async #takeBack({ token }) {
    const answer = await this.#ask(this.dataset.undo.replace("TOKEN", token), { method: "DELETE" })
    if (!answer.ok && answer.status !== 404) throw new Error(answer.status)
    hold(this.dataset.code, null)
    return this.dataset.wordsTakenBack
  }

  #ask(url, options) {
    return fetch(url, { ...options, credentials: "omit", signal: AbortSignal.timeout(15_000) })
  }
}

/** The page of a voice that came by a form: from now on this device knows of it, too. */
class HeldVoice extends HTMLElement {
  connectedCallback() {
    const { code, token } = this.dataset
    hold(code, { token })
    this.querySelector("[data-take-back]")?.addEventListener("submit", () => hold(code, null))
  }
}

customElements.define("voice-button", VoiceButton)
customElements.define("held-voice", HeldVoice)
