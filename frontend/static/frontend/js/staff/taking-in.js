// <taking-in>: a report taken in by staff, by keyboard.

import "#js/found/place-field.js"
import "#js/fund/kind-picker.js"
import { AskingForm } from "#js/parts/asking-form.js"

class TakingIn extends AskingForm {
  decides = "[name=category], [name=spot], #part-questions :is(input, select)"
  stops = "input:not([type=hidden]), select, textarea, button[value=save]"

  get first() {
    return this.querySelector("#place")
  }
}

customElements.define("taking-in", TakingIn)
