// <share-link>: hands the page on by the device's own means, or puts its address on the clipboard.
// <print-page>: the browser's print dialog.

class ShareLink extends HTMLElement {
  connectedCallback() {
    const { title, url } = this.dataset
    const label = this.querySelector("[data-label]")
    const canShare = Boolean(navigator.share)
    this.hidden = !canShare && !navigator.clipboard
    if (this.hidden) return
    if (!canShare) label.textContent = label.dataset.copy
    this.querySelector("button").addEventListener("click", () => {
      if (canShare) navigator.share({ title, url }).catch(() => {}) // closed without sharing
      else this.#copy(url, label)
    })
  }

  disconnectedCallback() {
    clearTimeout(this.timer)
  }

  async #copy(url, label) {
    await navigator.clipboard.writeText(url)
    label.textContent = this.dataset.done
    this.querySelector("[role=status]").textContent = this.dataset.done
    this.timer = setTimeout(() => (label.textContent = label.dataset.copy), 3000)
  }
}

class PrintPage extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => window.print())
  }
}

customElements.define("share-link", ShareLink)
customElements.define("print-page", PrintPage)
