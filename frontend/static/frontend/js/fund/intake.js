// <fund-intake>: the counter's form for a found thing.

import "#js/found/place-field.js"
import "#js/fund/kind-picker.js"
import { AskingForm } from "#js/parts/asking-form.js"

class Intake extends AskingForm {
  decides =
    "select[data-asks], input[data-asks]:not([data-asks='typing']), #id_found_on, #id_notice_on, #id_amount, #id_circumstance, [name=value], [name=finder], [name=consent], [name=spot]"
  stops = "input:not([type=hidden]), select, textarea, button:not([data-open-map])"
  restMs = 350

  connectedCallback() {
    super.connectedCallback()
    this.addEventListener("click", (event) => this.#pressed(event))
  }

  get first() {
    return this.querySelector("kind-picker input") ?? this.querySelector("#id_kind")
  }

  changed(target) {
    if (target.dataset.name) this.form.elements.place.value = target.dataset.name
    super.changed(target)
  }

  /** One more part, or one less. */
  #pressed(event) {
    const more = event.target.closest("[data-asks='more']")
    const unwanted = event.target.closest("[data-remove]")
    if (!more && !unwanted) return
    event.preventDefault()
    this.ask(unwanted ? { remove: unwanted.value } : {})
  }
}

customElements.define("fund-intake", Intake)
