// <pass-key data-deed="get|create">: asks the browser for a passkey and sends what it says.

import { credentialAsJson, forBrowser } from "#js/staff/passkey-json.js"

class PassKey extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential) return
    this.hidden = false
    this.querySelector("form").addEventListener("submit", this.#ask)
  }

  #ask = async (event) => {
    event.preventDefault()
    const form = event.currentTarget
    const failed = this.querySelector("[data-failed]")
    failed.hidden = true
    try {
      const credential = await navigator.credentials[this.dataset.deed](this.#options())
      form.elements.credential.value = JSON.stringify(credentialAsJson(credential))
      form.submit()
    } catch {
      failed.hidden = false // refused, timed out, or no such key here
    }
  }

  #options() {
    return forBrowser(JSON.parse(document.getElementById("passkey-options").textContent))
  }
}

customElements.define("pass-key", PassKey)
