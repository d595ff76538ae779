// <copy-text>: puts its data-text on the clipboard and says so.

class CopyText extends HTMLElement {
  connectedCallback() {
    this.hidden = !navigator.clipboard
    if (this.hidden) return
    this.label = this.querySelector("[data-label]")
    this.words = this.label.textContent
    this.querySelector("button").addEventListener("click", () => this.#copy())
  }

  disconnectedCallback() {
    clearTimeout(this.timer)
  }

  async #copy() {
    await navigator.clipboard.writeText(this.dataset.text)
    this.label.textContent = this.dataset.done
    this.querySelector("[role=status]").textContent = this.dataset.done
    this.timer = setTimeout(() => (this.label.textContent = this.words), 3000)
  }
}

customElements.define("copy-text", CopyText)
