// One deed on one report in a small dialog: the server's own form, out of the report's page.

import { typeAhead } from "#js/staff/combobox.js"
import { fetchPiece } from "#js/staff/fragments.js"

const FEW = 1 // a select with more choices is one to type into

/**
 * Events: "done" ({detail: {code, version, status, messages}}; `version` null when the report is no
 * longer in this user's care), "impossible", "failed", "expired", "closed".
 */
export class DeedDialog extends EventTarget {
  #dialog
  #body
  #templates
  #words
  #code = ""
  #slug = ""
  #isSending = false
  #asked = 0

  constructor(dialog, { templates, words }) {
    super()
    this.#dialog = dialog
    this.#body = dialog.querySelector("[data-body]")
    this.#templates = templates
    this.#words = words
    this.#body.addEventListener("submit", (event) => this.#send(event))
    dialog.addEventListener("close", () => this.#closed())
  }

  get isOpen() {
    return this.#dialog.open
  }

  /** Show the form of a deed; `fill`: values with which it is sent at once. */
  async open({ code, slug, url, fill = null }) {
    if (this.#isSending) return
    ;[this.#code, this.#slug] = [code, slug]
    const asked = ++this.#asked
    const piece = await fetchPiece(url).catch(() => null)
    if (asked !== this.#asked) return // another key was pressed meanwhile
    if (piece?.status === 401) return this.dispatchEvent(new Event("expired"))
    const article = piece?.content?.querySelector(".case")
    if (!article) return this.dispatchEvent(new Event("failed"))
    const form = formOf(article, slug)
    if (!form) return this.dispatchEvent(new Event("impossible"))
    this.#place(article, form)
    if (fill && !filled(form, fill)) return this.dispatchEvent(new Event("impossible"))
    if (fill || isBare(form)) return this.#post(form, null)
    this.#show()
  }

  /** What was asked for and is still under way comes no more. */
  cancel() {
    this.#asked += 1
  }

  #show() {
    if (!this.#dialog.open) this.#dialog.showModal()
    const first = this.#body.querySelector(".error-summary, .case-late, .case-message") ?? firstField(this.#body)
    first?.setAttribute("tabindex", first.getAttribute("tabindex") ?? (isControl(first) ? "0" : "-1"))
    first?.focus()
  }

  #place(article, form, notes = []) {
    const name = article.querySelector(`#${CSS.escape(this.#slug)} > summary .name`)
    if (name) this.#dialog.querySelector("[data-title]").textContent = name.textContent
    else if (form) this.#dialog.querySelector("[data-title]").textContent = form.querySelector("button").textContent.trim()
    this.#dialog.querySelector("[data-about]").textContent = article.dataset.title
    const parts = form ? [...notes, form] : notes
    ownIds(parts)
    this.#body.replaceChildren(...parts)
    for (const select of this.#body.querySelectorAll("select")) {
      if (!select.multiple && select.options.length > FEW) typeAhead(select, this.#templates)
    }
  }

  // ── Sending ──
  #send(event) {
    const form = event.target
    if (form.dataset.plain) return
    event.preventDefault()
    this.#post(form, event.submitter)
  }

  async #post(form, submitter) {
    if (this.#isSending) return
    this.#isSending = true
    const piece = await fetchPiece(form.action, { method: "POST", body: new FormData(form, submitter) }).catch(() => null)
    this.#isSending = false
    if (piece?.status === 401) {
      form.dataset.plain = "1" // the page itself sends it, and the sign-in keeps what was typed
      return form.requestSubmit(submitter)
    }
    if (!piece?.content) return this.#fail()
    const article = piece.content.querySelector(".case")
    const isDone = piece.status < 400 && piece.url !== form.action // led on to what has become of it
    if (isDone) return this.#done(piece.content, article)
    if (!article) return this.#fail()
    this.#again(article)
  }

  #done(content, article) {
    const detail = {
      code: this.#code,
      version: article ? Number(article.dataset.version) : null,
      status: article?.dataset.status ?? null,
      messages: [...content.querySelectorAll(".case-message")],
    }
    this.#code = ""
    this.#dialog.close()
    this.dispatchEvent(new CustomEvent("done", { detail }))
  }

  /** Refused: what is wrong, or who was faster, and the form as it was left. Nothing is lost. */
  #again(article) {
    const notes = [...article.querySelectorAll(".case-message, .case-late, .error-summary")]
    this.#place(article, formOf(article, this.#slug), notes)
    this.#show()
  }

  #fail() {
    if (!this.#dialog.open) return this.dispatchEvent(new Event("failed"))
    let note = this.#body.querySelector(".deed-failed")
    if (!note) {
      note = Object.assign(document.createElement("p"), { className: "error deed-failed" })
      note.setAttribute("role", "alert")
      this.#body.append(note)
    }
    note.textContent = this.#words.failed
  }

  #closed() {
    this.#body.replaceChildren()
    this.dispatchEvent(new CustomEvent("closed", { detail: this.#code }))
  }
}

/** The form of the deed as the page has it: folded in its step, or a button of its own. */
function formOf(article, slug) {
  const inStep = article.querySelector(`#${CSS.escape(slug)} form`)
  return inStep ?? [...article.querySelectorAll("form[data-deed]")].find((form) => path(form).endsWith(`/${slug}`)) ?? null
}

const path = (form) => new URL(form.getAttribute("action"), location.href).pathname

/** Nothing to fill in and nothing to read: pressing its key is pressing its button. */
function isBare(form) {
  return !form.matches(".deed-form") && !form.querySelector("input:not([type=hidden]), select, textarea")
}

function filled(form, values) {
  return Object.entries(values).every(([name, value]) => {
    const field = form.elements[name]
    if (!field) return false
    field.value = value
    return field.value === String(value)
  })
}

const isControl = (element) => element.matches("input, select, textarea, button, a")

function firstField(root) {
  return root.querySelector("input:not([type=hidden]), select:not([hidden]), textarea, button")
}

/** The page may show the same form: in the dialog its ids are others. */
function ownIds(parts) {
  const rename = (id) => `dialog-${id}`
  for (const root of parts) {
    for (const element of [root, ...root.querySelectorAll("*")]) {
      if (element.id) element.id = rename(element.id)
      for (const name of ["for", "aria-describedby", "aria-labelledby", "aria-controls", "list"]) {
        const ids = element.getAttribute(name)
        if (ids) element.setAttribute(name, ids.split(" ").map(rename).join(" "))
      }
      const target = element.getAttribute("href")
      if (target?.startsWith("#")) element.setAttribute("href", `#${rename(target.slice(1))}`)
    }
  }
}
