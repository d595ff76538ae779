// <loss-form>: what hangs on the kind of thing comes at once instead of with the next step. Every
// answer is the server's own fragment; without this script the next page shows the same.

import "#js/found/place-field.js"
import { ask, patch } from "#js/report/exchange.js"

const OF_KIND = ["advice", "marks", "others", "summary"]
const OF_PLACE = ["others"]

class LossForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form")
    for (const element of this.querySelectorAll("[data-no-js]")) element.hidden = true
    this.addEventListener("change", (event) => this.#changed(event.target))
    this.addEventListener("place:taken", () => this.#refresh(OF_PLACE))
    this.querySelector("[data-error-summary]")?.focus()
  }

  #changed({ name = "" }) {
    if (name === "group" || name.startsWith("kind-")) this.#refresh(OF_KIND)
    else if (["line", "town", "where"].includes(name)) this.#refresh(OF_PLACE)
  }

  /** The newest question wins; without a network the next page says it. */
  async #refresh(parts) {
    this.stop?.abort()
    this.stop = new AbortController()
    try {
      const answer = await ask(this.form, { action: "preview", parts, signal: this.stop.signal })
      patch(this, answer.html)
    } catch (error) {
      if (error.name !== "AbortError") console.info("No answer for now", error)
    }
  }
}

customElements.define("loss-form", LossForm)
