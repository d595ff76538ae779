// <category-list>: the search field hides what does not fit the words; a category that was tapped
// folds the others away. (The arrow keys wander through them, so they fold nothing.)

import { matches } from "#js/report/words.js"

class CategoryList extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input[type=search]")
    this.field.addEventListener("input", () => this.filter())
    this.field.addEventListener("keydown", (event) => this.#entered(event))
    this.addEventListener("click", (event) => this.#pressed(event))
    this.fold(Boolean(this.querySelector("[name=category]:checked")))
  }

  fold(isFolded) {
    this.toggleAttribute("data-folded", isFolded)
  }

  #pressed(event) {
    if (event.target.matches("[name=category]") && event.detail > 0) this.fold(true)
    if (!event.target.closest("[data-others]")) return
    this.fold(false)
    this.querySelector("[name=category]:checked")?.focus()
  }

  filter() {
    if (!this.querySelector("[name=category]:checked")) this.fold(false)
    const query = this.field.value.trim()
    let any = false
    for (const group of this.querySelectorAll("[data-group]")) {
      let inGroup = false
      for (const tile of group.querySelectorAll("[data-words]")) {
        const isChosen = tile.querySelector("input").checked
        const fits = !query || isChosen || matches(tile.dataset.words, query)
        tile.hidden = !fits
        inGroup ||= fits
      }
      group.hidden = !inGroup
      any ||= inGroup
    }
    this.querySelector("[data-no-match]").hidden = any
  }

  /** Enter takes the category if only one is left. */
  #entered(event) {
    if (event.key !== "Enter") return
    event.preventDefault()
    const left = [...this.querySelectorAll("[data-words]:not([hidden]) input:not(:checked)")]
    const shown = left.filter((input) => !input.closest("[data-group]").hidden)
    if (shown.length !== 1) return
    shown[0].click()
    this.fold(true)
    shown[0].focus()
  }
}

customElements.define("category-list", CategoryList)
