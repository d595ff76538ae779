// <fund-thing>: the page of one thing. It says so when somebody else has changed it; what is being
// typed here stays.

import { live } from "#js/live.js"

class FundThing extends HTMLElement {
  #end = () => {}

  connectedCallback() {
    const { topic, cursor } = this.dataset
    this.#end = live.subscribe([topic], {
      cursor,
      onMessage: (bell) => this.#hear(bell),
      onResync: () => this.#tell(),
    })
    document.querySelector("#fehler, #zu-spaet")?.focus()
    for (const plain of this.querySelectorAll("[data-plain]")) plain.closest("form")?.addEventListener("change", send)
  }

  disconnectedCallback() {
    this.#end()
  }

  #hear({ code, version }) {
    if (code === this.dataset.code && version > Number(this.dataset.version)) this.#tell()
  }

  #tell() {
    this.querySelector("[data-changed]").hidden = false
  }
}

/** A photo is sent as soon as it is chosen. */
function send({ target }) {
  if (target.type === "file" && target.files.length) target.form.requestSubmit()
}

customElements.define("fund-thing", FundThing)
