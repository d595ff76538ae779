// <own-change>: the form's comfort on the page where reporters change a report of their own. Places
// are asked of the server as by its buttons; nothing is saved before "save" is pressed.

import "#js/report/photos.js"
import "#js/report/pixelate.js"
import "#js/report/place.js"
import "#js/report/text-hint.js"
import { ask, Lost, patch } from "#js/report/exchange.js"

class OwnChange extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form")
    this.photos = this.querySelector("photo-picker")
    this.place = this.querySelector("place-finder") // none while staff work on it
    for (const element of this.querySelectorAll("[data-js]")) element.hidden = false
    this.#confirm()
    this.addEventListener("place:search", () => this.#refresh("find-place", ["hits"]))
    this.addEventListener("place:chosen", ({ detail }) => this.#chosen(detail))
    this.form.addEventListener("submit", (event) => this.#submitted(event))
  }

  /** The place was said to be right when the report was sent; changing it is all there is to offer. */
  #confirm() {
    this.place?.querySelector("[data-place-card]")?.toggleAttribute("data-confirmed", true)
  }

  async #chosen(detail) {
    if (!(await this.#refresh("look", ["place", "hits"], { ...detail, place: "" }))) return
    this.#confirm()
    this.place.settle()
  }

  async #refresh(action, parts, more = {}) {
    this.running?.abort()
    const { signal } = (this.running = new AbortController())
    try {
      const { html } = await ask(this.form, { action, parts, more, signal })
      patch(this, html)
      return true
    } catch (error) {
      if (error instanceof Lost) this.place.state.textContent = this.dataset.wordsLost
      return false
    }
  }

  /** Photos that are on their way come along; one that can't be sent says so and stays here. */
  #submitted(event) {
    if (this.isReady) return
    event.preventDefault()
    const { submitter } = event
    this.photos.settled().then((lost) => {
      // Later: a form that is being submitted, as in this event's own turn, ignores a second time.
      if (!lost.length) setTimeout(() => this.#go(submitter))
    })
  }

  #go(submitter) {
    this.isReady = true
    this.form.requestSubmit(submitter)
  }
}

customElements.define("own-change", OwnChange)
