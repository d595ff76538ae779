// <taking-in>: a report taken in by staff, by keyboard.

import "#js/found/place-field.js"
import "#js/fund/kind-picker.js"
import { AskingForm } from "#js/parts/asking-form.js"

const PATIENCE_MS = 2000 // for the questions of a kind; then on without them
const TEXTS = "textarea, input:is([type=text], [type=tel])"

class TakingIn extends AskingForm {
  decides = "[name=category], [name=spot], [name=photo], #part-questions :is(input, select)"
  stops = "input:not([type=hidden], [type=file]), select, textarea, button[value=save]"
  #held = null // what is typed while the questions are on their way

  connectedCallback() {
    super.connectedCallback()
    this.addEventListener("keydown", (event) => this.#typed(event), { capture: true })
    this.addEventListener("keydown", (event) => this.#moved(event))
  }

  get first() {
    return this.querySelector("#place")
  }

  /** The first hit counts until another is chosen; what a kind asks comes right after the kind. */
  goOn(from) {
    if (from.matches("#place")) this.#pastHits(from)
    else if (from.closest("[data-kind]")) this.#toQuestions(from)
    else super.goOn(from)
  }

  #pastHits(place) {
    if (place.value.trim() !== this.form.elements.place_before.value.trim()) this.ask()
    this.next(place, `${TEXTS}, select`)?.focus()
  }

  async #toQuestions(kind) {
    this.#held = ""
    await Promise.race([this.answered, new Promise((done) => setTimeout(done, PATIENCE_MS))])
    const held = this.#held
    this.#held = null
    if (document.activeElement !== kind) return
    const field = this.next(kind, held ? TEXTS : this.stops)
    field.focus()
    if (held) insert(field, held)
  }

  /** Letters have no meaning on a choice: they belong to the next text. None is lost while waiting. */
  #typed(event) {
    const isLetter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey
    if (this.#held !== null) {
      if (isLetter) this.#held += event.key
      else if (event.key === "Backspace") this.#held = this.#held.slice(0, -1)
      if (isLetter || ["Backspace", "Enter", "Tab"].includes(event.key)) stop(event)
    } else if (isLetter && event.key !== " " && event.target.matches("[type=radio], [type=checkbox]")) {
      event.stopPropagation()
      this.next(event.target, TEXTS)?.focus()
    }
  }

  /** Arrow down: to the other hits. Tab leads from the kind to its questions, as Enter does. */
  #moved(event) {
    const hit = this.querySelector("[name=spot]:checked")
    if (event.key === "ArrowDown" && event.target.matches("#place") && hit) {
      event.preventDefault()
      hit.focus()
    } else if (event.key === "Tab" && !event.shiftKey && event.target.closest("[data-kind]")) {
      event.preventDefault()
      this.goOn(event.target)
    }
  }
}

function insert(field, text) {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end")
  field.dispatchEvent(new Event("input", { bubbles: true }))
}

function stop(event) {
  event.preventDefault()
  event.stopPropagation()
}

customElements.define("taking-in", TakingIn)
