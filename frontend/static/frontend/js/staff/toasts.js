// Short notes at the edge of the desk: what was done from the list, and the way back.

import { fetchPiece } from "#js/staff/fragments.js"

const STAY_MS = 6000

/** Events: "undone" ({detail: {code, version} | null}), "expired". */
export class Toasts extends EventTarget {
  #box
  #note
  #words
  #hint

  /** `hint`: the key that takes back, "" as long as keys are off. */
  constructor(box, { note, words, hint }) {
    super()
    this.#box = box
    this.#note = note
    this.#words = words
    this.#hint = hint
    box.addEventListener("submit", (event) => this.#undo(event))
    box.addEventListener("undo:over", ({ target }) => this.#fade(target.closest(".case-message"), 400))
  }

  say(words) {
    const note = this.#note.content.firstElementChild.cloneNode(true)
    note.querySelector("p").textContent = words
    this.#show(note)
  }

  /** Messages of the server, as they came with a piece. */
  take(messages) {
    for (const each of messages) this.#show(each)
  }

  #show(note) {
    note.removeAttribute("role") // the box speaks
    note.classList.add("toast")
    for (const old of [...this.#box.children].slice(0, -2)) old.remove()
    this.#box.append(note)
    const offer = note.querySelector("undo-offer")
    if (!offer) return this.#fade(note, STAY_MS)
    for (const cap of this.#hint().split(" ").filter(Boolean)) {
      offer.querySelector("button").append(Object.assign(document.createElement("kbd"), { textContent: cap }))
    }
  }

  #fade(note, after) {
    setTimeout(() => {
      if (note?.contains(document.activeElement)) this.dispatchEvent(new CustomEvent("undone", { detail: null }))
      note?.remove()
    }, after)
  }

  async #undo(event) {
    const form = event.target
    if (form.dataset.plain) return
    event.preventDefault()
    const piece = await fetchPiece(form.action, { method: "POST", body: new FormData(form) }).catch(() => null)
    if (piece?.status === 401) {
      form.dataset.plain = "1"
      return form.requestSubmit()
    }
    form.closest(".case-message")?.remove()
    if (!piece?.content) return this.say(this.#words.failed)
    this.take(piece.content.querySelectorAll(".case-message"))
    const article = piece.content.querySelector(".case")
    const detail = article ? { code: article.dataset.code, version: Number(article.dataset.version) } : null
    this.dispatchEvent(new CustomEvent("undone", { detail }))
  }
}
