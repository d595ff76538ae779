// <text-hint>: says below a text what in it will be hidden from the public. The server finds it, by
// the rules by which it hides it; so there is one list of them.

const PAUSE_MS = 700

class TextHint extends HTMLElement {
  #timer = 0
  #asked = null

  connectedCallback() {
    this.listen = (event) => this.#typed(event)
    addEventListener("input", this.listen)
  }

  disconnectedCallback() {
    removeEventListener("input", this.listen)
    clearTimeout(this.#timer)
    this.#asked?.abort()
  }

  #typed({ target }) {
    if (target.id !== this.dataset.for) return
    clearTimeout(this.#timer)
    this.#asked?.abort()
    this.#timer = setTimeout(() => this.#ask(target.value), PAUSE_MS)
  }

  async #ask(text) {
    if (!text.trim()) return this.#say("")
    this.#asked = new AbortController()
    try {
      const response = await fetch(this.dataset.url, {
        method: "POST",
        body: new URLSearchParams({ text }),
        credentials: "omit",
        signal: this.#asked.signal,
      })
      if (response.ok) this.#say(await response.text())
    } catch {
      // Typed on, or without a network: it is hidden all the same.
    }
  }

  #say(sentence) {
    this.querySelector("[data-told]").textContent = sentence
    this.toggleAttribute("data-empty", !sentence)
  }
}

customElements.define("text-hint", TextHint)
