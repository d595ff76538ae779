// The right pane: one report. Shows pieces from the server, sends its forms, never loses a text.

import { fetchPiece } from "#js/staff/fragments.js"
import { isTyping, placeOf, putBack, takeDown, wayTo } from "#js/staff/typed.js"

/** Events: "shown" (a piece is in place; `isAsked`: somebody wanted it now), "left" (the address of another page), "expired". */
export class Pane extends EventTarget {
  #box
  #words
  #asked = 0
  #isSending = false
  #rung = 0 // the newest version that was rung for while a form was on its way

  constructor(box, words) {
    super()
    this.#box = box
    this.#words = words
    box.addEventListener("submit", (event) => this.#send(event))
    box.addEventListener("input", ({ target }) => preview(target.closest("form")))
    box.addEventListener("click", (event) => this.#showChange(event))
    for (const form of box.querySelectorAll(".deed-form")) preview(form)
  }

  get article() {
    return this.#box.querySelector(".case")
  }

  get code() {
    return this.article?.dataset.code ?? ""
  }

  /** Whether something would be lost that the user wrote, or asked to see. */
  get isBusy() {
    return isTyping(this.#box) || Boolean(this.#box.querySelector("[data-private]"))
  }

  /** Show the report at `url`. False when it can't be had. */
  async open(url, { focus = true } = {}) {
    const asked = ++this.#asked
    const piece = await fetchPiece(url).catch(() => null)
    if (asked !== this.#asked) return true
    return this.#take(piece, { focus })
  }

  /** The report was changed elsewhere: read it anew, or say so while somebody types. */
  async refresh(version) {
    if (version <= Number(this.article?.dataset.version ?? 0)) return
    if (this.#isSending) {
      this.#rung = Math.max(this.#rung, version)
      return
    }
    if (this.isBusy || this.#box.contains(document.activeElement?.closest("textarea"))) this.tellChange()
    else await this.#again({ focus: false })
  }

  tellChange() {
    const note = this.#box.querySelector("[data-changed]")
    if (note) note.hidden = false
  }

  async #again({ focus }) {
    const left = takeDown(this.#box)
    const place = focus ? null : placeOf(this.#box, document.activeElement)
    await this.open(location.href.replace(/#.*/, ""), { focus })
    putBack(this.#box, left)
    place?.()?.focus({ preventScroll: true })
  }

  #showChange(event) {
    if (!event.target.closest("[data-changed] a")) return
    event.preventDefault()
    this.#again({ focus: true })
  }

  async #send(event) {
    const form = event.target
    if (!form.matches("[data-deed]") || form.dataset.plain) return
    event.preventDefault()
    if (this.#isSending) return
    this.#isSending = true
    this.#asked += 1 // what is still under way comes too late now
    const body = new FormData(form, event.submitter)
    const piece = await fetchPiece(form.action, { method: "POST", body }).catch(() => null)
    this.#isSending = false
    if (piece?.status === 401) return this.#sendPlainly(form, event.submitter)
    this.#takeAnswer(piece, form)
    if (this.#rung) this.refresh(this.#rung)
    this.#rung = 0
  }

  /** What was begun in another form meanwhile stays, and so does the hand that writes it. */
  #takeAnswer(piece, form) {
    const isSame = this.#box.contains(form)
    const { values } = takeDown(this.#box, { but: form })
    const active = document.activeElement
    const isWriting = active.matches(".deed-form :is(textarea, input, select)") && active.form !== form
    const way = isWriting && this.#box.contains(active) && wayTo(active)
    if (!this.#take(piece, { focus: true })) return this.#fail(form)
    if (!isSame) return
    putBack(this.#box, { values })
    const field = way ? this.#box.querySelector(way) : null
    field?.closest("details")?.setAttribute("open", "")
    field?.focus()
  }

  /** The session is over: the page itself sends the form, and the sign-in keeps what was typed. */
  #sendPlainly(form, submitter) {
    form.dataset.plain = "1"
    form.requestSubmit(submitter)
  }

  #take(piece, { focus }) {
    if (piece?.status === 401) {
      this.dispatchEvent(new Event("expired"))
      return true
    }
    const article = piece?.content?.querySelector(".case")
    if (piece && !article && piece.status < 400) {
      this.dispatchEvent(new CustomEvent("left", { detail: piece.url }))
      return true
    }
    if (!article) return false
    if (!focus) this.#keepNotes(article)
    this.#box.replaceChildren(...piece.content.childNodes)
    for (const form of this.#box.querySelectorAll(".deed-form")) preview(form)
    this.dispatchEvent(new CustomEvent("shown", { detail: { article, isAsked: focus } }))
    if (focus) this.#focus()
    return true
  }

  /** Nobody asked for this piece: what it tells is told elsewhere, and what was told here stays. */
  #keepNotes(article) {
    for (const note of article.querySelectorAll(".case-message")) note.remove()
    article.prepend(...this.#box.querySelectorAll(".case-message"))
  }

  #focus() {
    const first = [".error-summary", "[data-land]", ".case-late", ".case-message", "h2"]
      .map((name) => this.#box.querySelector(name))
      .find(Boolean)
    first?.setAttribute("tabindex", "-1")
    first?.focus({ preventScroll: true })
    this.#box.scrollTop = 0
    first?.scrollIntoView({ block: "nearest" })
  }

  #fail(form) {
    let note = form.querySelector(".deed-failed")
    if (!note) {
      note = document.createElement("p")
      note.className = "error deed-failed"
      note.setAttribute("role", "alert")
      form.append(note)
    }
    note.textContent = this.#words.failed
  }
}

/** Keep "As the resident reads it" in step with the form. */
function preview(form) {
  const box = form?.querySelector("[data-preview]")
  if (!box) return
  const text = form.querySelector("[data-text]").value.trim()
  const choice = form.querySelector(".deed-choices input:checked")
  const status = box.querySelector("[data-preview-status]")
  if (choice && status) status.replaceChildren(choice.closest(".choice").querySelector(".status").cloneNode(true))
  box.querySelector("[data-preview-text]").textContent = text
  box.hidden = !text
}
