// <scan-desk>: a form that scanners fill. Enter goes on to the next empty field; a whole scan is
// sent while the next one is typed already. Answers gather in the log, the newest on top.

import { fetchPiece } from "#js/staff/fragments.js"
import { ScanQueue } from "#js/staff/scan-queue.js"

const KEPT_ROWS = 30

export class ScanDesk extends HTMLElement {
  #queue = new ScanQueue((scan) => this.#send(scan), () => this.#drained())

  connectedCallback() {
    this.#form.addEventListener("submit", (event) => this.#submitted(event))
  }

  get #form() {
    return this.querySelector("form")
  }

  get #fields() {
    return [...this.#form.querySelectorAll("input.input")]
  }

  #submitted(event) {
    event.preventDefault()
    const empty = this.#fields.find((field) => !field.value.trim())
    if (empty) return empty.focus()
    const text = this.#fields.map((field) => field.value.trim()).join(" → ")
    this.#queue.put({ data: new FormData(this.#form), text })
    this.#clear()
  }

  /** The place stays where it is told to. */
  #clear() {
    const stays = this.#form.elements.bleibt?.checked ? "ort" : ""
    for (const field of this.#fields) if (field.name !== stays) field.value = ""
    for (const known of this.querySelectorAll(".pair-known")) {
      if (!known.parentElement.querySelector(`[name="${stays}"]`)) known.remove()
    }
    this.#fields[0].focus()
  }

  async #send({ data, text }) {
    const place = this.querySelector("[data-place] input")
    if (place) data.set("ort", place.value) // where one stands now, not when it was typed
    try {
      const piece = await fetchPiece(this.#form.action, { method: "POST", body: data })
      if (!piece.content?.querySelector(".pair-row")) throw new Error(`scan: ${piece.status}`)
      this.#show(piece.content)
    } catch {
      this.#show(this.#lost(text))
    }
  }

  #lost(text) {
    const content = this.querySelector("template[data-lost]").content.cloneNode(true)
    content.querySelector("[data-text]").textContent = text
    return content
  }

  #show(content) {
    const log = this.querySelector("[data-log]")
    log.prepend(...content.querySelectorAll(".pair-row"))
    while (log.children.length > KEPT_ROWS) log.lastElementChild.remove()
    const place = content.querySelector("[data-place]")
    if (place) this.querySelector("[data-place]").replaceWith(place)
  }

  #drained() {
    this.dispatchEvent(new CustomEvent("scans:sent", { bubbles: true }))
  }
}

customElements.define("scan-desk", ScanDesk)
