// <crew-board>: the day lists follow what crews say, and what others change about a stop shown here.
// Ticks and the focus stay where they are.

import { live } from "#js/live.js"
import { fetchPiece } from "#js/staff/fragments.js"

const GATHER_MS = 800 // an answer rings once for the report and once for its photo

class CrewBoard extends HTMLElement {
  #end = () => {}
  #timer = 0

  connectedCallback() {
    const { topics, cursor } = this.dataset
    this.#end = live.subscribe(topics.split(" "), {
      cursor,
      onMessage: ({ code }) => this.querySelector(`[data-code="${CSS.escape(code ?? "")}"]`) && this.#soon(),
      onResync: () => this.#soon(),
    })
  }

  disconnectedCallback() {
    this.#end()
    clearTimeout(this.#timer)
  }

  #soon() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#read(), GATHER_MS)
  }

  async #read() {
    const piece = await fetchPiece(location.href).catch(() => null)
    const fresh = piece?.content?.querySelector("crew-board")
    if (!fresh) return
    const ticked = [...this.querySelectorAll("[name=halt]:checked")].map(({ value }) => value)
    const focus = this.contains(document.activeElement) ? placeOf(document.activeElement) : null
    this.replaceChildren(...fresh.childNodes)
    document.querySelector(".crew-map")?.replaceWith(piece.content.querySelector(".crew-map") ?? "")
    for (const box of this.querySelectorAll("[type=checkbox][name=halt]")) box.checked = ticked.includes(box.value)
    if (focus) this.querySelector(focus)?.focus({ preventScroll: true })
  }
}

/** How to find the same control again. */
function placeOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`
  const stop = element.closest("[data-code]")
  const within = stop ? `#${CSS.escape(stop.id)} ` : ""
  return `${within}${element.localName}${element.value ? `[value="${CSS.escape(element.value)}"]` : ""}`
}

customElements.define("crew-board", CrewBoard)
