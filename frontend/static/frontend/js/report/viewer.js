// The page's photos in a dialog: arrows go on, Escape closes. Without it the links open the pictures.

class PhotoViewer extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog")
    this.picture = this.querySelector("img")
    this.report = this.closest("live-report")
    this.onClick = (event) => this.#clicked(event)
    this.report.addEventListener("click", this.onClick)
    this.dialog.addEventListener("keydown", (event) => this.#pressed(event))
    this.dialog.addEventListener("close", () => this.links[this.at]?.focus())
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close())
  }

  disconnectedCallback() {
    this.report.removeEventListener("click", this.onClick)
  }

  #clicked(event) {
    const link = event.target.closest("a[data-photo]")
    const step = event.target.closest("[data-step]")
    if (step) return this.#go(Number(step.dataset.step))
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.links = [...this.report.querySelectorAll("a[data-photo]")]
    this.at = this.links.indexOf(link)
    this.#show()
    this.dialog.showModal()
  }

  #pressed(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    event.preventDefault()
    this.#go(step)
  }

  #go(step) {
    const last = this.links.length - 1
    this.at = Math.min(last, Math.max(0, this.at + step))
    this.#show()
  }

  #show() {
    const link = this.links[this.at]
    this.picture.src = link.href
    this.picture.alt = link.querySelector("img").alt
    const words = this.dataset.words.replace("{n}", this.at + 1).replace("{all}", this.links.length)
    this.querySelector("[data-count]").textContent = words
    for (const button of this.querySelectorAll("[data-step]")) {
      button.hidden = this.links.length < 2
      const end = Number(button.dataset.step) > 0 ? this.links.length - 1 : 0
      button.setAttribute("aria-disabled", String(this.at === end))
    }
  }
}

customElements.define("photo-viewer", PhotoViewer)
